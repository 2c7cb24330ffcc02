import { CopyBox } from '../../frame/fields.js';
import { useFrame, useTexts } from '../../frame/frame.js';
import { Notice, OwnersText } from '../../frame/components.js';
import { Layout } from '../../frame/layout.js';

const CLEAR_MINUTES = [1, 5, 15];

/** The revealed message. The script adds what to do with it, and clears the page. */
export function RevealedPage({ value }: { readonly value: string }) {
  const { texts, brand } = useFrame();
  return (
    <Layout title={texts('revealed.title')}>
      <OwnersText text={brand.textAtReveal} />
      <CopyBox id="value" label={texts('revealed.message')} value={value} isShownOnce />
      <Tools />
      <Notice>{texts('revealed.copy')}</Notice>
      <p class="quiet">{texts('revealed.done')}</p>
      <OwnersText text={brand.textAfterReveal} />
    </Layout>
  );
}

/** Filled by the script: each of them needs it. */
function Tools() {
  const texts = useTexts();
  return (
    <div
      id="tools"
      hidden
      data-download={texts('revealed.download')}
      data-file={`${texts('revealed.file')}.txt`}
      data-cleared={texts('revealed.cleared')}
    >
      <label for="clear">{texts('revealed.clearAfter')}</label>
      <select id="clear" autocomplete="off">
        <option value="0">{texts('revealed.clearLater')}</option>
        {CLEAR_MINUTES.map((minutes) => (
          <option key={minutes} value={minutes}>
            {texts('revealed.clearIn', { minutes })}
          </option>
        ))}
      </select>
    </div>
  );
}
