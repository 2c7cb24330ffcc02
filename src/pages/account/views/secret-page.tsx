import type { OwnReceipt } from '../../../secrets/own-receipts.js';
import { ConfirmForm, Button } from '../../frame/components.js';
import { CsrfField, Field, PassphraseField } from '../../frame/fields.js';
import { useTexts } from '../../frame/frame.js';
import { Layout } from '../../frame/layout.js';
import { Facts, instant } from './facts.js';
import { SecretBadge } from './secrets-page.js';

export interface SecretPageProps {
  readonly receipt: OwnReceipt;
  /** Why it was not deleted. */
  readonly alert?: string | undefined;
}

/** One secret of an account: what became of it, a note on it, and deleting it while it is unread. */
export function SecretPage({ receipt, alert }: SecretPageProps) {
  const texts = useTexts();
  const path = `/account/secrets/${receipt.id}`;
  return (
    <Layout title={texts('secrets.one')} alert={alert}>
      <p>
        <SecretBadge state={receipt.state} />
      </p>
      <SecretFacts receipt={receipt} />
      <form method="post" action={`${path}/note`}>
        <CsrfField />
        <Field
          id="note"
          label={texts('secrets.note')}
          value={receipt.memo ?? ''}
          hint={texts('secrets.noteHint')}
          dir="auto"
        />
        <Button kind="second">{texts('secrets.saveNote')}</Button>
      </form>
      {isUnread(receipt) && (
        <ConfirmForm
          action={path}
          summary={texts('secrets.burn')}
          question={texts('secrets.burnQuestion')}
          confirm={texts('secrets.burnNow')}
          isOpen={alert !== undefined}
        >
          <CsrfField />
          {receipt.hasPassphrase && <PassphraseField />}
        </ConfirmForm>
      )}
      <p>
        <a href="/account/secrets">{texts('secrets.back')}</a>
      </p>
    </Layout>
  );
}

function SecretFacts({ receipt }: { readonly receipt: OwnReceipt }) {
  const texts = useTexts();
  const { secretExpiresAt, recipients, domain, attemptsLeft, previewCount } = receipt;
  const passphrase = receipt.hasPassphrase ? 'yes' : 'no';
  return (
    <>
      <Facts
        facts={[
          [texts('secrets.sent'), instant(receipt.createdAt)],
          [texts('secrets.endsAt'), instant(isUnread(receipt) ? secretExpiresAt : null)],
          [texts('secrets.openedAt'), instant(receipt.receivedAt)],
          [texts('secrets.deletedAt'), instant(receipt.burnedAt)],
          [texts('secrets.endedAt'), instant(receipt.state === 'expired' ? secretExpiresAt : null)],
          [
            texts('secrets.for'),
            recipients.length === 0 ? null : <bdi>{recipients.join(', ')}</bdi>,
          ],
          [texts('secrets.domain'), domain && <bdi>{domain}</bdi>],
          [texts('secrets.kind'), texts(`secrets.kind.${receipt.kind}`)],
          [texts('secrets.passphrase'), texts(`secrets.passphrase.${passphrase}`)],
          [
            texts('secrets.looks'),
            previewCount === 0 ? null : texts('secrets.looksCount', { count: previewCount }),
          ],
        ]}
      />
      {attemptsLeft !== null && <p>{texts('receipt.attemptsLeft', { count: attemptsLeft })}</p>}
    </>
  );
}

function isUnread({ state }: OwnReceipt): boolean {
  return state === 'new' || state === 'viewed';
}
