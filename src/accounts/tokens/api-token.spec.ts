import { createHash } from 'node:crypto';
import { hashApiToken, matchingToken, newApiToken } from './api-token.js';

describe(newApiToken, () => {
  it('makes 40 lower-case hex digits, different each time', () => {
    const tokens = Array.from({ length: 100 }, newApiToken);
    for (const token of tokens) expect(token).toMatch(/^[0-9a-f]{40}$/);
    expect(new Set(tokens).size).toBe(100);
  });
});

describe(hashApiToken, () => {
  it('returns the SHA-256 of the token', () => {
    expect(hashApiToken('abc')).toEqual(createHash('sha256').update('abc').digest());
  });
});

describe(matchingToken, () => {
  const [old, current] = [newApiToken(), newApiToken()];
  const known = [
    { name: 'old', tokenHash: hashApiToken(old) },
    { name: 'current', tokenHash: hashApiToken(current) },
  ];

  it('finds each of several tokens', () => {
    expect(matchingToken(old, known)?.name).toBe('old');
    expect(matchingToken(current, known)?.name).toBe('current');
  });

  it.each([
    ['another token', newApiToken()],
    ['upper case', current.toUpperCase()],
    ['the token with text after it', `${current}:junk`],
    ['a part of the token', current.slice(0, 39)],
    ['the hash of the token', hashApiToken(current).toString('hex')],
    ['an empty text', ''],
  ])('refuses %s', (_, token) => {
    expect(matchingToken(token, known)).toBeNull();
  });

  it('refuses every token when there are no hashes', () => {
    expect(matchingToken(current, [])).toBeNull();
    expect(matchingToken('', [])).toBeNull();
  });

  it('compares as often for an unknown login as for one with a token', () => {
    expect(comparisons([])).toBe(1);
    expect(comparisons(known.slice(0, 1))).toBe(1);
  });

  it('compares with every hash, also after a match', () => {
    let count = 0;
    const equal = (): boolean => (count += 1) > 0;
    expect(matchingToken(old, known, equal)).not.toBeNull();
    expect(count).toBe(2);
  });
});

/** The number of comparisons for a wrong token. */
function comparisons(known: readonly { readonly tokenHash: Buffer }[]): number {
  let count = 0;
  matchingToken(newApiToken(), known, (a, b) => {
    expect(a).toHaveLength(b.length);
    count += 1;
    return false;
  });
  return count;
}
