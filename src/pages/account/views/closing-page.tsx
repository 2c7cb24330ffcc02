import type { ClosingPreview } from '../../../secrets/account-closing.js';
import { Button } from '../../frame/components.js';
import { CsrfField, Field } from '../../frame/fields.js';
import { useTexts } from '../../frame/frame.js';
import { Layout } from '../../frame/layout.js';

export interface ClosingPageProps {
  readonly email: string;
  readonly preview: ClosingPreview;
  readonly alert?: string | undefined;
}

/** What is lost with an account, and the form that closes it. */
export function ClosingPage({ email, preview, alert }: ClosingPageProps) {
  const texts = useTexts();
  return (
    <Layout title={texts('close.title')} alert={alert}>
      <p>{texts('close.lead')}</p>
      <Losses preview={preview} />
      <p>
        {texts('close.export')} <a href="/account/export">{texts('more.export')}</a>
      </p>
      <form method="post" action="/account/close" autocomplete="off">
        <CsrfField />
        <input type="hidden" name="confirmation" value={preview.confirmation.text} />
        <Field
          id="email"
          label={texts('close.confirm', { email })}
          inputmode="email"
          dir="ltr"
          isRequired
        />
        <Button kind="danger">{texts('close.now')}</Button>
      </form>
      <p>
        <a href="/account">{texts('more.back')}</a>
      </p>
    </Layout>
  );
}

function Losses({ preview }: { readonly preview: ClosingPreview }) {
  const texts = useTexts();
  const { unread, domains, domainCount, tokenCount } = preview;
  const { count, isMinimum } = unread;
  return (
    <ul>
      <li>{texts(isMinimum ? 'close.unreadMore' : 'close.unread', { count })}</li>
      <li>
        {texts('close.domains', { count: domainCount })}
        {domains.length > 0 && (
          <ul>
            {domains.map((domain) => (
              <li key={domain}>
                <bdi>{domain}</bdi>
              </li>
            ))}
            {domainCount > domains.length && (
              <li>{texts('close.more', { count: domainCount - domains.length })}</li>
            )}
          </ul>
        )}
      </li>
      <li>{texts('close.tokens', { count: tokenCount })}</li>
      <li>{texts('close.rest')}</li>
    </ul>
  );
}

/** After the closing. */
export function ClosedPage() {
  const texts = useTexts();
  return (
    <Layout title={texts('closed.title')}>
      <p>{texts('closed.text')}</p>
      <p>
        <a href="/">{texts('account.toCreate')}</a>
      </p>
    </Layout>
  );
}
