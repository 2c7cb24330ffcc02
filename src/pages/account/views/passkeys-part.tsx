import { PASSKEYS_MAX, type PasskeyRecord } from '../../../accounts/passkeys/passkey.js';
import { Button, ConfirmForm, Disclosure } from '../../frame/components.js';
import { useDay } from '../../frame/day.js';
import { CsrfField, Field } from '../../frame/fields.js';
import { useTexts } from '../../frame/frame.js';
import { Table } from '../../frame/table.js';
import { NewPasskey } from './passkey-forms.js';
import type { RefusedForm } from './refused-form.js';

interface PasskeysPartProps {
  readonly passkeys: readonly PasskeyRecord[];
  readonly canChange: boolean;
  readonly refused: RefusedForm | undefined;
}

/** The passkeys of an account, by name. */
export function PasskeysPart({ passkeys, canChange, refused }: PasskeysPartProps) {
  const [texts, dayOf] = [useTexts(), useDay()];
  const columns = [
    texts('passkeys.name'),
    texts('passkeys.made'),
    texts('passkeys.lastUsed'),
    ...(canChange ? [texts('passkeys.change')] : []),
  ];
  return (
    <>
      <h2>{texts('passkeys.title')}</h2>
      <p>{texts('passkeys.lead')}</p>
      {passkeys.length > 0 && (
        <Table
          caption={texts('passkeys.title')}
          isCaptionHidden
          columns={columns}
          rows={passkeys.map((passkey) => ({
            key: passkey.id,
            cells: [
              <bdi>{passkey.name}</bdi>,
              dayOf(passkey.createdAt),
              passkey.lastUsedOn === null ? texts('passkeys.never') : dayOf(passkey.lastUsedOn),
              ...(canChange ? [<Changes passkey={passkey} refused={refused} />] : []),
            ],
          }))}
        />
      )}
      {canChange && passkeys.length < PASSKEYS_MAX && <Adding refused={refused} />}
      {passkeys.length >= PASSKEYS_MAX && <p>{texts('security.refused.TOO_MANY_PASSKEYS')}</p>}
    </>
  );
}

function Adding({ refused }: Pick<PasskeysPartProps, 'refused'>) {
  const texts = useTexts();
  const shown = refused?.form === 'passkey' ? refused : undefined;
  return (
    <NewPasskey
      action="/account/security/passkeys"
      options="/api/account/passkeys/options"
      submit={texts('passkeys.add')}
      name={shown?.name}
      error={shown?.alert}
      hasFocus={shown !== undefined}
    />
  );
}

interface ChangesProps {
  readonly passkey: PasskeyRecord;
  readonly refused: RefusedForm | undefined;
}

function Changes({ passkey: { id, name }, refused }: ChangesProps) {
  const texts = useTexts();
  const shown = refused?.form === id ? refused : undefined;
  return (
    <>
      <Disclosure summary={texts('passkeys.rename')} isOpen={shown !== undefined}>
        <form method="post" action={`/account/security/passkeys/${id}/rename`}>
          <CsrfField />
          <Field
            id={`name-${id}`}
            name="name"
            label={texts('passkeys.newNameOf', { name })}
            value={shown?.name ?? name}
            error={shown?.alert}
            isRequired
          />
          <Button kind="second">{texts('passkeys.renameNow')}</Button>
        </form>
      </Disclosure>
      <ConfirmForm
        action={`/account/security/passkeys/${id}/remove`}
        summary={texts('passkeys.remove')}
        question={texts('passkeys.question', { name })}
        confirm={texts('security.removeNow')}
      >
        <CsrfField />
      </ConfirmForm>
    </>
  );
}
