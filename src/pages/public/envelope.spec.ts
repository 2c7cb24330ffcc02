import { SECRET_KEY, TENANT } from '../../../test/fakes/sample-values.js';
import { brandOf } from '../../brand/brand-of.js';
import { NO_LOOK } from '../../domains/domain-look.js';
import { LANGUAGES, type Language } from '../../shared/language.js';
import type { PageFrame } from '../frame/frame.js';
import { pageOf } from '../frame/page.js';
import { plainSwitches, switchesWith } from '../frame/switches.js';
import { textsIn } from '../messages/messages.js';
import { envelopeOf } from './envelope.js';
import { EnvelopePage } from './views/envelope-page.js';

const OTHER_KEY = 'z'.repeat(SECRET_KEY.length);
const NAMED = { hostname: TENANT.hostname, look: NO_LOOK };

const frameIn = (language: Language, change: Partial<PageFrame> = {}): PageFrame => {
  const brand = brandOf(NAMED);
  return {
    tenant: TENANT,
    path: `/secret/${SECRET_KEY}`,
    brand,
    language,
    texts: textsIn(language),
    switches: plainSwitches(brand.languages),
    csrf: null,
    chosen: null,
    ...change,
  };
};

describe(envelopeOf, () => {
  const rendered = (frame: PageFrame, props: Parameters<typeof envelopeOf>[1]) =>
    pageOf(frame, EnvelopePage, props, { isCompressible: true });

  it.each(LANGUAGES)('gives for each link the page that a rendering gives, in %s', (language) => {
    for (const hasPassphrase of [false, true])
      for (const [linkKey, nonce] of [
        [SECRET_KEY, 'first-nonce'],
        [OTHER_KEY, 'second_nonce'],
      ] as const) {
        const props = { linkKey, nonce, hasPassphrase };
        expect(envelopeOf(frameIn(language), props)).toEqual(rendered(frameIn(language), props));
      }
  });

  it('differs by brand, by tenant, by session and by the query of the request', () => {
    const props = { linkKey: SECRET_KEY, nonce: 'a-nonce', hasPassphrase: false };
    const brand = { ...brandOf(NAMED), productName: 'Acme', footerText: 'Imprint' };
    const languages = brand.languages;
    const changes: Partial<PageFrame>[] = [
      {},
      { brand },
      { brand: { ...brand, languages: ['en'] }, switches: [] },
      { tenant: { ...TENANT, isDeprecatedName: true } },
      { csrf: 'a-csrf-token' },
      { switches: switchesWith(new URLSearchParams('a=1&b="<'), languages) },
      { chosen: 'en' },
      {},
    ];
    for (const change of changes)
      expect(envelopeOf(frameIn('en', change), props)).toEqual(
        rendered(frameIn('en', change), props),
      );
  });

  it('escapes a key that is none', () => {
    const props = { linkKey: `"><script>`, nonce: 'a-nonce', hasPassphrase: false };
    expect(envelopeOf(frameIn('en'), props)).toEqual(rendered(frameIn('en'), props));
  });
});
