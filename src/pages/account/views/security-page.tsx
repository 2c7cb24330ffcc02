import type { PasskeyRecord } from '../../../accounts/passkeys/passkey.js';
import { PASSWORD_LENGTH_MIN } from '../../../accounts/password/password-rules.js';
import type { SecondFactorState } from '../../../accounts/second-factor/second-factors.service.js';
import { Badge, Button, ConfirmForm, Disclosure, Notice } from '../../frame/components.js';
import { useDay } from '../../frame/day.js';
import { signInAgainPath } from '../../frame/destination.js';
import { CsrfField, Field } from '../../frame/fields.js';
import { useTexts } from '../../frame/frame.js';
import { Layout } from '../../frame/layout.js';
import { PASSKEYS_SCRIPT } from '../../frame/served-files.js';
import { PasskeysPart } from './passkeys-part.js';
import type { RefusedForm } from './refused-form.js';

/** By what the owner of an account signs in. */
export interface SecurityFacts {
  /** Null: there is no password. */
  readonly passwordSetAt: Date | null;
  readonly passkeys: readonly PasskeyRecord[];
  readonly factor: SecondFactorState;
}

export interface SecurityPageProps extends SecurityFacts {
  readonly email: string;
  /** Whether the sign-in was a few minutes ago. */
  readonly canChange: boolean;
  readonly refused?: RefusedForm;
}

export function SecurityPage(props: SecurityPageProps) {
  const { passkeys, canChange, refused } = props;
  const texts = useTexts();
  return (
    <Layout title={texts('security.title')} alert={refused?.alert} isWide script={PASSKEYS_SCRIPT}>
      {!canChange && (
        <>
          <Notice>{texts('security.again')}</Notice>
          <p>
            <a class="button" href={signInAgainPath('/account/security')}>
              {texts('again.title')}
            </a>
          </p>
        </>
      )}
      <PasskeysPart passkeys={passkeys} canChange={canChange} refused={refused} />
      <PasswordPart {...props} />
      <AppPart {...props} />
    </Layout>
  );
}

function PasswordPart({ email, passwordSetAt, passkeys, canChange, refused }: SecurityPageProps) {
  const [texts, dayOf] = [useTexts(), useDay()];
  return (
    <>
      <h2>{texts('security.password')}</h2>
      <p>
        {passwordSetAt === null
          ? texts('security.noPassword')
          : texts('security.passwordSet', { date: dayOf(passwordSetAt) })}
      </p>
      {canChange && (
        <Disclosure
          summary={texts(passwordSetAt === null ? 'security.newPassword' : 'security.change')}
          isOpen={refused?.form === 'password'}
        >
          <form method="post" action="/account/security/password">
            <CsrfField />
            {/* So that the browser's store of passwords knows whose it is. */}
            <input type="hidden" name="email" value={email} autocomplete="username" />
            <Field
              id="password"
              label={texts('newPassword.label')}
              type="password"
              autocomplete="new-password"
              hint={texts('newPassword.hint', { min: PASSWORD_LENGTH_MIN })}
              error={refused?.form === 'password' ? refused.alert : undefined}
              isRequired
            />
            <p class="hint">{texts('security.passwordEnds')}</p>
            <Button>{texts('security.setPassword')}</Button>
          </form>
        </Disclosure>
      )}
      {canChange && passwordSetAt !== null && passkeys.length > 0 && (
        <ConfirmForm
          action="/account/security/password/remove"
          summary={texts('security.removePassword')}
          question={texts('security.removePasswordQuestion')}
          confirm={texts('security.removeNow')}
        >
          <CsrfField />
        </ConfirmForm>
      )}
    </>
  );
}

function AppPart({ factor: { confirmedAt, recoveryCodesLeft }, canChange }: SecurityPageProps) {
  const [texts, dayOf] = [useTexts(), useDay()];
  const isOn = confirmedAt !== null;
  return (
    <>
      <h2>
        {texts('app.title')}{' '}
        {isOn ? <Badge tone="good">{texts('app.on')}</Badge> : <Badge>{texts('app.off')}</Badge>}
      </h2>
      <p>{texts('app.lead')}</p>
      {!isOn && canChange && (
        <form method="post" action="/account/security/app">
          <CsrfField />
          <Button kind="second">{texts('app.begin')}</Button>
        </form>
      )}
      {isOn && (
        <>
          <p>{texts('app.since', { date: dayOf(confirmedAt) })}</p>
          <CodesLeft count={recoveryCodesLeft} />
        </>
      )}
      {isOn && canChange && <AppForms />}
    </>
  );
}

const FEW_CODES = 3;

function CodesLeft({ count }: { readonly count: number }) {
  const text = useTexts()('codes.left', { count });
  return count > FEW_CODES ? <p>{text}</p> : <Notice>{text}</Notice>;
}

function AppForms() {
  const texts = useTexts();
  return (
    <>
      <ConfirmForm
        action="/account/security/codes"
        summary={texts('codes.renew')}
        question={texts('codes.question')}
        confirm={texts('codes.renewNow')}
      >
        <CsrfField />
      </ConfirmForm>
      <ConfirmForm
        action="/account/security/app/remove"
        summary={texts('app.remove')}
        question={texts('app.question')}
        confirm={texts('app.removeNow')}
      >
        <CsrfField />
      </ConfirmForm>
    </>
  );
}
