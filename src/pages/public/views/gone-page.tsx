import { useTexts } from '../../frame/frame.js';
import { Layout } from '../../frame/layout.js';

/** One page for every kind of gone: the holder of a link does not learn which. */
export function GonePage() {
  const texts = useTexts();
  return (
    <Layout title={texts('gone.title')} isUniform>
      <p>{texts('gone.why')}</p>
      <p>{texts('gone.twice')}</p>
      <p>{texts('gone.ask')}</p>
    </Layout>
  );
}
