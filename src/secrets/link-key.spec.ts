import fc from 'fast-check';
import { BASE36_DIGITS } from '../shared/base36.js';
import { findLinkKey } from './link-key.js';

const KEY = 'abcdefghij0123456789klmnopqrst0';
const [HEAD, TAIL] = [KEY.slice(0, 12), KEY.slice(12)];
const NOISE = ' \t\n.,;:!?-_()[]<>"\'/\\|*~\u200B\u00AD'.split('');
const FULL_WIDTH = Array.from(KEY, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));

describe(findLinkKey, () => {
  it.each([
    ['nothing changed', KEY],
    ['a campaign parameter', `${KEY}&fbclid=IwAR0abcdefghijklmnop`],
    ['a query whose ? was escaped', `${KEY}?utm_source=mail&utm_medium=x`],
    ['a query whose ? was escaped twice', `${KEY}%3Futm_source%3Dmail`],
    ['a hyphen', `${KEY}-`],
    ['an underscore', `${KEY}_`],
    ['a full stop', `${KEY}.`],
    ['three full stops', `${KEY}…`],
    ['a bracket and a comma', `${KEY}),`],
    ['angle brackets', `<${KEY}>`],
    ['quotes', `"${KEY}"`],
    ['typographic quotes', `„${KEY}“`],
    ['an escaped quote', `${KEY}%22`],
    ['an entity', `${KEY}&quot;`],
    ['Markdown', `**${KEY}**`],
    ['a slash', `${KEY}/`],
    ['slashes', `//${KEY}//`],
    ['a blank', `${KEY} `],
    ['an escaped blank', `${KEY}%20`],
    ['a blank, escaped twice', `${KEY}%2520`],
    ['a quoted-printable blank', `${KEY}=20`],
    ['a quoted-printable equals sign', `${KEY}=3D`],
    ['a quoted-printable line end', `${KEY}=0D=0A`],
    ['a soft line break', `${HEAD}=\r\n${TAIL}`],
    ['a soft line break without CR', `${HEAD}=\n${TAIL}`],
    ['a soft line break that lost its line end', `${HEAD}=${TAIL}`],
    ['an escaped soft line break', `${HEAD}=%0D%0A${TAIL}`],
    ['a quoted-printable blank inside', `${HEAD}=20${TAIL}`],
    ['a soft line break and a blank', `${HEAD}=\r\n${TAIL}=20`],
    ['a line break', `${HEAD}\r\n${TAIL}`],
    ['a line break and a quote mark', `${HEAD}\n> ${TAIL}`],
    ['an escaped blank inside', `${HEAD}%20${TAIL}`],
    ['a plus for a blank inside', `${HEAD}+${TAIL}`],
    ['blanks every four characters', KEY.replace(/(.{4})/g, '$1 ')],
    ['hyphens every five characters', KEY.replace(/(.{5})/g, '$1-')],
    ['a space without width', `${HEAD}\u200B${TAIL}\u200B`],
    ['a byte order mark', `\uFEFF${KEY}`],
    ['a soft hyphen', `${HEAD}\u00AD${TAIL}`],
    ['an escaped space without width', `${HEAD}%E2%80%8B${TAIL}`],
    ['a direction mark', `\u202A${KEY}\u202C`],
    ['an entity inside', `${HEAD}&#8203;${TAIL}`],
    ['an element inside', `${HEAD}<wbr>${TAIL}`],
    ['a blank inside, and words', `${HEAD} ${TAIL}, and tell nobody`],
    ['words before a blank inside', `link: ${HEAD} ${TAIL}`],
    ['upper case', KEY.toUpperCase()],
    ['a first capital', `A${KEY.slice(1)}`],
    ['full width', FULL_WIDTH.join('')],
    ['full width in upper case', FULL_WIDTH.join('').toUpperCase()],
    ['the whole link again', `https://eu.onetime.localhost/secret/${KEY}`],
    ['words after it', `${KEY} is the link, use it today`],
    ['a word without a space', `${KEY}thanks`],
    ['an escape that lost its percent sign', `${KEY}20`],
  ])('finds the key with %s', (_name, text) => {
    expect(findLinkKey(text)).toBe(KEY);
  });

  it.each([
    ['nothing', ''],
    ['too few characters', KEY.slice(1)],
    ['another character in place of one', `${KEY.slice(0, 5)}ü${KEY.slice(6)}`],
    ['markup', '"><script>'],
  ])('finds none in %s', (_name, text) => {
    expect(findLinkKey(text)).toBeNull();
  });

  it('does not take one character of a key for another', () => {
    const pairs = `${'0'.repeat(15)}o${'1'.repeat(14)}l`;
    expect(findLinkKey(pairs)).toBe(pairs);
  });

  const keys = fc
    .array(fc.constantFrom(...BASE36_DIGITS.split('')), { minLength: 31, maxLength: 31 })
    .map((digits) => digits.join(''));

  it('finds every key between any noise', () => {
    const noise = fc.string({
      unit: fc.constantFrom(...NOISE),
    });
    fc.assert(
      fc.property(keys, noise, noise, fc.nat(31), (key, before, inside, at) => {
        const text = before + key.slice(0, at) + inside + key.slice(at) + before;
        expect(findLinkKey(text)).toBe(key);
      }),
    );
  });

  it('is a key or null for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(findLinkKey(text) ?? KEY).toMatch(/^[0-9a-z]{31}$/);
      }),
    );
  });
});
