import { Button } from '../../frame/components.js';
import { DESTINATION } from '../../frame/destination.js';
import { CsrfField, Field } from '../../frame/fields.js';
import { useTexts } from '../../frame/frame.js';

interface DestinationFieldProps {
  /** The page that the sign-in leads to. */
  readonly to: string;
}

export function DestinationField({ to }: DestinationFieldProps) {
  return <input type="hidden" name={DESTINATION} value={to} />;
}

/** Signs in with a passkey, whosever it is. Hidden until the script has found that the browser can. */
export function PasskeySignIn({ to }: DestinationFieldProps) {
  const texts = useTexts();
  return (
    <form
      method="post"
      action="/sign-in/passkey"
      hidden
      data-passkey="get"
      data-options="/sign-in/passkey/options"
      data-asking={texts('passkeys.asking')}
      data-closed={texts('passkeys.notUsed')}
      data-failed={texts('passkeys.failed')}
    >
      <CsrfField />
      <DestinationField to={to} />
      <input type="hidden" name="response" />
      <Button kind="second">{texts('passkeys.signIn')}</Button>
      <p class="hint" role="status" />
    </form>
  );
}

export interface NewPasskeyProps {
  /** Takes the form. */
  readonly action: string;
  /** What the browser is asked for, by a POST. */
  readonly options: string;
  readonly submit: string;
  readonly isSecond?: boolean;
  /** What was typed, when the form is shown again, or a proposal. */
  readonly name?: string | undefined;
  readonly error?: string | undefined;
  readonly hasFocus?: boolean;
}

/** Makes a passkey. Hidden until the script has found that the browser can; without a script it says so. */
export function NewPasskey(props: NewPasskeyProps) {
  const { action, options, submit, isSecond = false, name, error, hasFocus = false } = props;
  const texts = useTexts();
  return (
    <>
      <form
        method="post"
        action={action}
        hidden
        data-passkey="create"
        data-options={options}
        data-asking={texts('passkeys.asking')}
        data-closed={texts('passkeys.notMade')}
        data-known={texts('passkeys.known')}
        data-failed={texts('passkeys.failed')}
      >
        <CsrfField />
        <input type="hidden" name="response" />
        <Field
          id="passkey-name"
          name="name"
          label={texts('passkeys.newName')}
          value={name}
          error={error}
          hint={texts('passkeys.nameHint')}
          isRequired
          hasFocus={hasFocus}
        />
        <Button kind={isSecond ? 'second' : 'first'}>{submit}</Button>
        <p class="hint" role="status" />
      </form>
      <p data-unable hidden>
        {texts('passkeys.unable')}
      </p>
      <noscript>
        <p>{texts('passkeys.noScript')}</p>
      </noscript>
    </>
  );
}
