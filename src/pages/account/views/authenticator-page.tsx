import type { TotpSetUp } from '../../../accounts/second-factor/second-factors.service.js';
import { Button } from '../../frame/components.js';
import { CopyBox, CsrfField, Field } from '../../frame/fields.js';
import { useTexts } from '../../frame/frame.js';
import { Layout } from '../../frame/layout.js';
import { QrCode } from '../../public/views/qr-code.js';

export interface AuthenticatorPageProps extends TotpSetUp {
  readonly alert?: string;
}

/** The secret for the app, and the field for a code of it. */
export function AuthenticatorPage({ secret, uri, alert }: AuthenticatorPageProps) {
  const texts = useTexts();
  return (
    <Layout title={texts('app.setUp')} alert={alert}>
      <p>{texts('app.scan')}</p>
      <QrCode text={uri} label={texts('app.qr')} />
      <p>
        {texts('app.sameDevice')} <a href={uri}>{texts('app.open')}</a>
      </p>
      <CopyBox id="secret" label={texts('app.secret')} value={secret} isShownOnce />
      <form method="post" action="/account/security/app/confirm" autocomplete="off">
        <CsrfField />
        <Field
          id="code"
          label={texts('app.code')}
          hint={texts('app.codeHint')}
          error={alert}
          autocomplete="one-time-code"
          inputmode="numeric"
          dir="ltr"
          isRequired
          hasFocus={alert !== undefined}
        />
        <Button>{texts('app.confirm')}</Button>
      </form>
      <p>
        <a href="/account/security">{texts('app.cancel')}</a>
      </p>
    </Layout>
  );
}
