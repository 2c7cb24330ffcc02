import {
  PASSWORD_BYTES_MAX,
  PASSWORD_LENGTH_MIN,
} from '../../../accounts/password/password-rules.js';
import { Button } from '../../frame/components.js';
import { CsrfField, Field } from '../../frame/fields.js';
import { useTexts } from '../../frame/frame.js';
import { Layout } from '../../frame/layout.js';
import { PASSKEYS_SCRIPT } from '../../frame/served-files.js';
import {
  DestinationField,
  NewPasskey,
  PasskeySignIn,
  type NewPasskeyProps,
} from './passkey-forms.js';

export interface SignInPageProps {
  readonly email?: string;
  readonly alert?: string;
  /** The page that the sign-in leads to. */
  readonly to: string;
  readonly isSignUpOpen: boolean;
}

export function SignInPage({ email, alert, to, isSignUpOpen }: SignInPageProps) {
  const texts = useTexts();
  return (
    <Layout title={texts('signIn.title')} alert={alert} script={PASSKEYS_SCRIPT}>
      <form method="post" action="/sign-in">
        <CsrfField />
        <DestinationField to={to} />
        <EmailField value={email} takesPasskeys />
        <PasswordField hasFocus={email !== undefined} />
        <Button>{texts('signIn.submit')}</Button>
      </form>
      <PasskeySignIn to={to} />
      <p>
        <a href="/new-password">{texts('signIn.forgotten')}</a>
      </p>
      {isSignUpOpen && (
        <p>
          <a href="/sign-up">{texts('signIn.toSignUp')}</a>
        </p>
      )}
    </Layout>
  );
}

export interface SignInAgainPageProps {
  readonly email: string;
  readonly to: string;
  readonly alert?: string;
}

/** Whoever is signed in shows it once more, before what protects the account is changed. */
export function SignInAgainPage({ email, to, alert }: SignInAgainPageProps) {
  const texts = useTexts();
  return (
    <Layout title={texts('again.title')} alert={alert} script={PASSKEYS_SCRIPT}>
      <p>{texts('again.lead', { email })}</p>
      <form method="post" action="/sign-in/again">
        <CsrfField />
        <DestinationField to={to} />
        {/* So that the browser's store of passwords knows whose it is. */}
        <input type="hidden" name="email" value={email} autocomplete="username" />
        <PasswordField hasFocus />
        <Button>{texts('signIn.submit')}</Button>
      </form>
      <PasskeySignIn to={to} />
      <p>
        <a href="/new-password">{texts('signIn.forgotten')}</a>
      </p>
    </Layout>
  );
}

export interface CodePageProps {
  readonly to: string;
  /** Whether the account has a passkey, which opens too. */
  readonly hasPasskey: boolean;
  readonly alert?: string;
}

/** The second factor, after the first one was right. */
export function CodePage({ to, hasPasskey, alert }: CodePageProps) {
  const texts = useTexts();
  return (
    <Layout title={texts('code.title')} alert={alert} script={PASSKEYS_SCRIPT}>
      <p>{texts('code.lead')}</p>
      <form method="post" action="/sign-in/code">
        <CsrfField />
        <DestinationField to={to} />
        <Field
          id="code"
          label={texts('code.label')}
          autocomplete="one-time-code"
          dir="ltr"
          isRequired
          hasFocus
        />
        <Button>{texts('code.submit')}</Button>
      </form>
      {hasPasskey && <PasskeySignIn to={to} />}
    </Layout>
  );
}

export interface AskForLinkPageProps {
  /** What the link is for. */
  readonly purpose: 'signUp' | 'forgotten';
  readonly email?: string;
  readonly alert?: string;
}

/** Asks for the address to which a link is mailed. */
export function AskForLinkPage({ purpose, email, alert }: AskForLinkPageProps) {
  const texts = useTexts();
  return (
    <Layout title={texts(`${purpose}.title`)} alert={alert}>
      <p>{texts(`${purpose}.lead`)}</p>
      <form method="post" action={purpose === 'signUp' ? '/sign-up' : '/new-password'}>
        <CsrfField />
        <EmailField value={email} />
        <Button>{texts('link.send')}</Button>
      </form>
      <p>
        <a href="/sign-in">{texts('signIn.title')}</a>
      </p>
    </Layout>
  );
}

/** The same whether the address has an account or not. */
export function LinkSentPage({ email }: { readonly email: string }) {
  const texts = useTexts();
  return (
    <Layout title={texts('sent.title')}>
      <p>{texts('sent.text', { email })}</p>
      <p class="quiet">{texts('sent.nothing')}</p>
    </Layout>
  );
}

export interface NewPasswordPageProps {
  readonly email: string;
  /** Of the page itself, which takes the form too. */
  readonly path: string;
  readonly alert?: string;
  /** Of a link to sign up, where a passkey may take the place of the password. */
  readonly passkey?: Pick<NewPasskeyProps, 'name' | 'error'>;
}

/** The page of a mailed link: it chooses the password, or makes a passkey, and signs in. */
export function NewPasswordPage({ email, path, alert, passkey }: NewPasswordPageProps) {
  const texts = useTexts();
  const script = passkey && { script: PASSKEYS_SCRIPT };
  const isOfPasskey = passkey?.error !== undefined;
  return (
    <Layout title={texts('newPassword.title')} alert={alert} {...script}>
      <p>
        <bdi>{texts('newPassword.for', { email })}</bdi>
      </p>
      <form method="post" action={path}>
        <CsrfField />
        {/* So that the browser's store of passwords knows whose it is. */}
        <input type="hidden" name="email" value={email} autocomplete="username" />
        <Field
          id="password"
          label={texts('newPassword.label')}
          type="password"
          autocomplete="new-password"
          hint={texts('newPassword.hint', { min: PASSWORD_LENGTH_MIN })}
          isRequired
          hasFocus={!isOfPasskey}
        />
        <Button>{texts('newPassword.submit')}</Button>
      </form>
      {passkey !== undefined && (
        <>
          <h2>{texts('passkeys.instead')}</h2>
          <p>{texts('passkeys.lead')}</p>
          <NewPasskey
            {...passkey}
            action={`${path}/passkey`}
            options={`${path}/passkey/options`}
            submit={texts('passkeys.signUp')}
            isSecond
            hasFocus={isOfPasskey}
          />
        </>
      )}
    </Layout>
  );
}

/** The arguments of the texts about passwords. */
export const PASSWORD_BOUNDS = { min: PASSWORD_LENGTH_MIN, max: PASSWORD_BYTES_MAX } as const;

function PasswordField({ hasFocus }: { readonly hasFocus: boolean }) {
  return (
    <Field
      id="password"
      label={useTexts()('signIn.password')}
      type="password"
      autocomplete="current-password"
      isRequired
      hasFocus={hasFocus}
    />
  );
}

interface EmailFieldProps {
  readonly value: string | undefined;
  /** Whether the browser may offer the passkeys of the device in it. */
  readonly takesPasskeys?: boolean;
}

function EmailField({ value, takesPasskeys = false }: EmailFieldProps) {
  return (
    <Field
      id="email"
      label={useTexts()('signIn.email')}
      type="email"
      value={value}
      autocomplete="username"
      inputmode="email"
      dir="ltr"
      isRequired
      hasFocus={value === undefined}
      takesPasskeys={takesPasskeys}
    />
  );
}
