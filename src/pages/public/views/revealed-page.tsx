import { CopyBox } from '../../frame/fields.js';
import { useTexts } from '../../frame/frame.js';
import { Notice } from '../../frame/components.js';
import { Layout } from '../../frame/layout.js';

/** The revealed message. */
export function RevealedPage({ value }: { readonly value: string }) {
  const texts = useTexts();
  return (
    <Layout title={texts('revealed.title')}>
      <CopyBox id="value" label={texts('revealed.message')} value={value} isShownOnce />
      <Notice>{texts('revealed.copy')}</Notice>
      <p class="quiet">{texts('revealed.done')}</p>
    </Layout>
  );
}
