import { CopyBox } from '../../frame/fields.js';
import { useFrame } from '../../frame/frame.js';
import { Notice, OwnersText } from '../../frame/components.js';
import { Layout } from '../../frame/layout.js';

/** The revealed message. */
export function RevealedPage({ value }: { readonly value: string }) {
  const { texts, brand } = useFrame();
  return (
    <Layout title={texts('revealed.title')}>
      <OwnersText text={brand.textAtReveal} />
      <CopyBox id="value" label={texts('revealed.message')} value={value} isShownOnce />
      <Notice>{texts('revealed.copy')}</Notice>
      <p class="quiet">{texts('revealed.done')}</p>
      <OwnersText text={brand.textAfterReveal} />
    </Layout>
  );
}
