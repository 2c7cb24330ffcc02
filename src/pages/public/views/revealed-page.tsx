import { ValueBox } from '../../frame/fields.js';
import { useTexts } from '../../frame/frame.js';
import { Layout } from '../../frame/layout.js';

/** The revealed message. */
export function RevealedPage({ value }: { readonly value: string }) {
  const texts = useTexts();
  return (
    <Layout title={texts('revealed.title')}>
      <ValueBox id="value" label={texts('revealed.message')} value={value} isShownOnce />
      <p class="notice">{texts('revealed.copy')}</p>
      <p class="quiet">{texts('revealed.done')}</p>
    </Layout>
  );
}
