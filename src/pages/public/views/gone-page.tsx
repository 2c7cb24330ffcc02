import { useTexts } from '../../frame/frame.js';
import { Layout } from '../../frame/layout.js';

/** One page for every kind of gone: the holder of a link does not learn which. The mail has no address, and no link. */
export function GonePage() {
  const texts = useTexts();
  const [subject, body] = [texts('gone.subject'), texts('gone.body')].map(encodeURIComponent);
  return (
    <Layout title={texts('gone.title')} isUniform>
      <p>{texts('gone.why')}</p>
      <p>{texts('gone.twice')}</p>
      <p>{texts('gone.ask')}</p>
      <p>
        <a class="button" href={`mailto:?subject=${subject}&body=${body}`}>
          {texts('gone.write')}
        </a>
      </p>
    </Layout>
  );
}
