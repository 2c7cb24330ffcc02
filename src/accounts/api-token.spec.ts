import { createHash } from 'node:crypto';
import { hashApiToken, matchesApiToken, newApiToken } from './api-token.js';

describe(newApiToken, () => {
  it('is 40 lower-case hex digits, each time others', () => {
    const tokens = Array.from({ length: 100 }, newApiToken);
    for (const token of tokens) expect(token).toMatch(/^[0-9a-f]{40}$/);
    expect(new Set(tokens).size).toBe(100);
  });
});

describe(hashApiToken, () => {
  it('is the SHA-256 of the token', () => {
    expect(hashApiToken('abc')).toEqual(createHash('sha256').update('abc').digest());
  });
});

describe(matchesApiToken, () => {
  const [old, current] = [newApiToken(), newApiToken()];
  const hashes = [hashApiToken(old), hashApiToken(current)];

  it('knows each of several tokens', () => {
    expect(matchesApiToken(old, hashes)).toBe(true);
    expect(matchesApiToken(current, hashes)).toBe(true);
  });

  it.each([
    ['another token', newApiToken()],
    ['upper case', current.toUpperCase()],
    ['the token and more', `${current}:junk`],
    ['a part of it', current.slice(0, 39)],
    ['its hash', hashApiToken(current).toString('hex')],
    ['nothing', ''],
  ])('does not take %s', (_, token) => {
    expect(matchesApiToken(token, hashes)).toBe(false);
  });

  it('takes no token where there are no hashes', () => {
    expect(matchesApiToken(current, [])).toBe(false);
    expect(matchesApiToken('', [])).toBe(false);
  });

  it('compares as often for an unknown login as for one with a token', () => {
    expect(comparisons([])).toBe(1);
    expect(comparisons([hashApiToken(old)])).toBe(1);
  });

  it('looks at every hash, wherever the match is', () => {
    let count = 0;
    const equal = (): boolean => (count += 1) > 0;
    expect(matchesApiToken(old, hashes, equal)).toBe(true);
    expect(count).toBe(2);
  });
});

/** How often a token that is wrong is compared. */
function comparisons(known: readonly Buffer[]): number {
  let count = 0;
  matchesApiToken(newApiToken(), known, (a, b) => {
    expect(a).toHaveLength(b.length);
    count += 1;
    return false;
  });
  return count;
}
