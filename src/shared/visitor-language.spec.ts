import { LANGUAGES } from './language.js';
import { namedLanguage, visitorLanguage } from './visitor-language.js';

const OFFER = { language: 'en', languages: LANGUAGES } as const;
const NOTHING = { chosen: null, cookie: undefined, acceptLanguage: undefined };

describe(visitorLanguage, () => {
  it('is the choice, then the earlier choice, then the browser, then the tenant', () => {
    const all = { chosen: 'de', cookie: 'a=b; __Host-lang=fr', acceptLanguage: 'es' } as const;
    expect(visitorLanguage(all, OFFER)).toBe('de');
    expect(visitorLanguage({ ...all, chosen: null }, OFFER)).toBe('fr');
    expect(visitorLanguage({ ...NOTHING, acceptLanguage: 'es' }, OFFER)).toBe('es');
    expect(visitorLanguage(NOTHING, { ...OFFER, language: 'nl' })).toBe('nl');
  });

  it.each([
    ['de-AT,de;q=0.9,en;q=0.8', 'de'],
    ['ja, ar;q=0.2, fr;q=0.7', 'fr'],
    ['de;q=0, fr;q=0.1', 'fr'],
    ['*', 'en'],
    ['', 'en'],
    ['de;q=2', 'en'],
    [';;;,,, de', 'de'],
    [`${'xx,'.repeat(10_000)}de`, 'en'],
  ] as const)('reads Accept-Language %j as %s', (acceptLanguage, language) => {
    expect(visitorLanguage({ ...NOTHING, acceptLanguage }, OFFER)).toBe(language);
  });

  it('is never a language that the tenant does not offer', () => {
    const offer = { language: 'fr', languages: ['fr', 'nl'] } as const;
    const asked = { chosen: 'de', cookie: '__Host-lang=ar', acceptLanguage: 'es, nl' } as const;
    expect(visitorLanguage(asked, offer)).toBe('nl');
    expect(visitorLanguage({ ...asked, acceptLanguage: 'es' }, offer)).toBe('fr');
  });

  it('ignores a cookie with something else in it', () => {
    for (const cookie of ['__Host-lang=', '__Host-lang=<b>', 'x__Host-lang=de', '__Host-lang'])
      expect(visitorLanguage({ ...NOTHING, cookie }, OFFER)).toBe('en');
  });
});

describe(namedLanguage, () => {
  it('knows the exact names only', () => {
    expect(namedLanguage('de')).toBe('de');
    for (const text of ['DE', 'de-AT', '', 'toString', null])
      expect(namedLanguage(text)).toBeNull();
  });
});
