import { emailKeyOf, parseEmailAddress } from './email-address.js';

describe(parseEmailAddress, () => {
  it.each([
    ['ann@example.com', 'ann@example.com'],
    ['  Ann.Lee+x@Example.COM ', 'Ann.Lee+x@Example.COM'],
    ['ann@müller.example', 'ann@xn--mller-kva.example'],
    [`${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`],
  ])('accepts %j', (text, address) => {
    expect(parseEmailAddress(text)).toBe(address);
  });

  it.each([
    '',
    'ann',
    'ann@',
    '@example.com',
    'ann@example',
    'a b@example.com',
    'ann@example.com\0',
    'änn@example.com',
    'ann@müller.example/x',
    `${'a'.repeat(65)}@example.com`,
  ])('refuses %j', (text) => {
    expect(parseEmailAddress(text)).toBeNull();
  });

  it('accepts 254 characters and no more', () => {
    const domain = `${'d'.repeat(60)}.${'d'.repeat(60)}.${'d'.repeat(60)}.${'d'.repeat(60)}.com`;
    const fill = (length: number): string => `${'a'.repeat(length - domain.length - 1)}@${domain}`;
    expect(parseEmailAddress(fill(254))).not.toBeNull();
    expect(parseEmailAddress(fill(255))).toBeNull();
  });
});

describe(emailKeyOf, () => {
  it('returns the same key for every letter case', () => {
    expect(emailKeyOf(' Ann@Example.COM')).toBe(emailKeyOf('ann@example.com'));
  });

  it('returns the same key for an international domain and its A-label', () => {
    expect(emailKeyOf('Ann@MÜLLER.example')).toBe(emailKeyOf('ann@xn--mller-kva.example'));
  });
});
