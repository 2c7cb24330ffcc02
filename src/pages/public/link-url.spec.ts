import fc from 'fast-check';
import { BROKEN_LINKS } from '../../../test/support/broken-links.js';
import { linkUrlOf } from './link-url.js';

const KEY = 'abcdefghij0123456789klmnopqrst0';
const OPEN = `/secret/${KEY}`;

describe(linkUrlOf, () => {
  it.each([
    [OPEN, OPEN],
    [`${OPEN}?fbclid=x`, `${OPEN}?fbclid=x`],
    [`${OPEN}&fbclid=x`, OPEN],
    [`${OPEN}/`, OPEN],
    [`//secret//${KEY}//`, OPEN],
    [OPEN.toUpperCase(), OPEN],
    [`/Secret/${KEY}`, OPEN],
    [`${OPEN}%20`, OPEN],
    [`${OPEN}%E2%80%8B`, OPEN],
    [`/secret%2F${KEY}`, OPEN],
    [`/secret/%20${KEY}`, OPEN],
    [`/%20secret/${KEY}`, OPEN],
    [`/secret/%0D%0A${KEY}`, OPEN],
    [`${OPEN}%zz`, OPEN],
    [`${OPEN}/more/of/it`, OPEN],
    [`${OPEN}/burn`, OPEN],
    [`/secret/https://eu.onetime.localhost/secret/${KEY}`, OPEN],
    ['/secret/abc', '/secret/-'],
    ['/secret/a/b', '/secret/-'],
    ['/secret/%ff', '/secret/-'],
    [`/receipt/${KEY}`, `/receipt/${KEY}`],
    [`/receipt/${KEY}/burn`, `/receipt/${KEY}/burn`],
    [`/receipt/${KEY}/created?value=x`, `/receipt/${KEY}/created?value=x`],
    [`/RECEIPT/${KEY}.//VALUE/`, `/receipt/${KEY}/value`],
    ['/receipt/abc/burn', '/receipt/-/burn'],
    [`/private/${KEY}&utm_source=x`, `/private/${KEY}`],
  ])('reads %s as %s', (url, expected) => {
    expect(linkUrlOf(url)).toBe(expected);
  });

  it.each(BROKEN_LINKS)('reads a link with %s', (_what, pathOf) => {
    for (const name of ['secret', 'receipt', 'private'])
      expect(linkUrlOf(pathOf(KEY, name))).toBe(`/${name}/${KEY}`);
  });

  it.each(['/secret-', '/secret-santa', '/secrets/x', '/private-parts/x.css'])(
    'leaves %s, which is no link, to others',
    (url) => {
      expect(linkUrlOf(url)).toBeNull();
    },
  );

  it.each(['/', '/style.css?v=1', '/api/v1/secret/abc', '/secret', '/secret/', '/nothing', '/%zz'])(
    'leaves %s to others',
    (url) => {
      expect(linkUrlOf(url)).toBeNull();
    },
  );

  it('gives a path of plain characters for any rest', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (rest) => {
        const url = linkUrlOf(`/secret/x${rest.replaceAll('?', '')}`);
        expect(url).toMatch(/^\/secret\/(?:[0-9a-z]{31}|-)$/);
      }),
    );
  });
});
