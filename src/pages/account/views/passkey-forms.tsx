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
  /** What was typed, when the form is shown again. */
  readonly name?: string | undefined;
  readonly error?: string | undefined;
}

/** Makes a passkey. Hidden until the script has found that the browser can; without a script it says so. */
export function NewPasskey({ name, error }: NewPasskeyProps) {
  const texts = useTexts();
  return (
    <>
      <form
        method="post"
        action="/account/security/passkeys"
        hidden
        data-passkey="create"
        data-options="/api/account/passkeys/options"
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
          hasFocus={error !== undefined || name !== undefined}
        />
        <Button>{texts('passkeys.add')}</Button>
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
