import {
  adminKeyText,
  hashAdminSecret,
  matchesAdminSecret,
  newAdminKey,
  readAdminKey,
} from './admin-key.js';

describe(readAdminKey, () => {
  it('reads the parts of a new key', () => {
    const key = newAdminKey();
    expect(readAdminKey(adminKeyText(key))).toEqual(key);
  });

  const text = adminKeyText(newAdminKey());
  it.each([
    ['nothing', ''],
    ['another prefix', text.replace('gwadmin', 'gateway')],
    ['upper case', text.toUpperCase()],
    ['text after it', `${text} `],
    ['a missing digit', text.slice(0, -1)],
    ['a line feed at its end', `${text}\n`],
  ])('refuses %s', (_, presented) => {
    expect(readAdminKey(presented)).toBeNull();
  });

  it('never makes the same key twice', () => {
    expect(new Set(Array.from({ length: 100 }, () => newAdminKey().secret)).size).toBe(100);
  });
});

describe(matchesAdminSecret, () => {
  const { secret } = newAdminKey();

  it('accepts the secret of the hash alone', () => {
    expect(matchesAdminSecret(secret, hashAdminSecret(secret))).toBe(true);
    expect(matchesAdminSecret(newAdminKey().secret, hashAdminSecret(secret))).toBe(false);
  });

  it('refuses every secret of an unknown id', () => {
    expect(matchesAdminSecret(secret, null)).toBe(false);
  });
});
