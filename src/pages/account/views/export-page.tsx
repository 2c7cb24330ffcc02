import { useTexts } from '../../frame/frame.js';
import { Layout } from '../../frame/layout.js';

/** What is in the export of an account, and the export. */
export function ExportPage() {
  const texts = useTexts();
  return (
    <Layout title={texts('export.title')}>
      <p>{texts('export.lead')}</p>
      <ul>
        {(['account', 'secrets', 'domains', 'rest'] as const).map((part) => (
          <li key={part}>{texts(`export.${part}`)}</li>
        ))}
      </ul>
      <p>{texts('export.none')}</p>
      <p>
        <a class="button" href="/api/account/export" download rel="nofollow">
          {texts('export.download')}
        </a>
      </p>
      <p>
        <a href="/account">{texts('more.back')}</a>
      </p>
    </Layout>
  );
}
