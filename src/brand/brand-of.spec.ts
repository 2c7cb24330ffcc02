import { NO_LOOK } from '../domains/domain-look.js';
import { requireHostname } from '../shared/hostname.js';
import { brandOf, wholeBrand } from './brand-of.js';
import { brandImages } from './images/brand-images.js';

const HOST = requireHostname('secrets.acme.example');
const OTHER = requireHostname('secrets.other.example');
const NONE = brandImages({});

describe(brandOf, () => {
  it('has the name of each host where nobody has set one', () => {
    const names = [HOST, OTHER].map((hostname) => brandOf({ hostname, look: NO_LOOK }).productName);
    expect(names).toEqual([HOST, OTHER]);
  });

  it('is the same object as long as the domain is', () => {
    const domain = { hostname: HOST, look: { brand: { product_name: 'Acme' }, images: {} } };
    expect(brandOf(domain)).toBe(brandOf(domain));
    expect(brandOf({ ...domain })).not.toBe(brandOf(domain));
  });
});

describe(wholeBrand, () => {
  it.each([
    [{}, 10],
    [{ corner_style: 'square' }, 0],
    [{ corner_style: 'pill' }, 24],
    [{ corner_style: 'pill', border_radius: 'sm' }, 4],
    [{ border_radius: 7 }, 7],
    [{ border_radius: 0, corner_style: 'pill' }, 0],
  ] as const)('%j has corners of %d pixels', (settings, radius) => {
    expect(wholeBrand(HOST, settings, NONE).radius).toBe(radius);
  });

  it.each([
    [{}, 'en', 6],
    [{ locale: 'de' }, 'de', 6],
    [{ languages: ['fr', 'nl'] }, 'fr', 2],
    [{ languages: ['fr', 'nl'], locale: 'nl' }, 'nl', 2],
  ] as const)('%j is in %s', (settings, language, count) => {
    const brand = wholeBrand(HOST, settings as never, NONE);
    expect([brand.language, brand.languages.length]).toEqual([language, count]);
  });

  it('leaves out colours that cannot be read together, whoever stored them', () => {
    const { light } = wholeBrand(HOST, { primary_color: '#FFFF00' }, NONE);
    expect(light).toEqual(wholeBrand(HOST, {}, NONE).light);
  });
});
