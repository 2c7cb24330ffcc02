import * as fc from 'fast-check';
import type { Account } from '../accounts/account.js';
import { PLANS } from '../accounts/plans.js';
import type { Caller } from '../auth/caller.js';
import type { Tenant } from '../tenancy/tenant.js';
import { offerTo } from './conceal-offer.js';
import { grantedTtlSeconds, readTtlSeconds, termsOf } from './conceal-rules.js';
import type { ConcealSecret } from './receipt.js';
import { maskAddress } from '../shared/masked-address.js';

const tenant = { domain: null, customDomain: null } as Tenant;
const anonymous: Caller = {
  tenant,
  account: null,
  token: null,
  session: null,
  network: '203.0.113.0/24',
  client: { near: '203.0.113.9/32', wide: null },
};
const owner: Caller = { ...anonymous, account: { plan: 'identity_plus' } as Account };

const command: ConcealSecret = {
  kind: 'share',
  value: 'value',
  ttlSeconds: null,
  passphrase: null,
  recipients: [],
  shareDomain: null,
  surface: 'api',
};

describe(termsOf.name, () => {
  const refusals: [string, Caller, Partial<ConcealSecret>][] = [
    ['You did not provide anything to share', anonymous, { value: '' }],
    [
      'Secret value exceeds the maximum size of 10000 bytes',
      anonymous,
      { value: 'x'.repeat(10_001) },
    ],
    [
      'Secret value exceeds the maximum size of 10000 bytes',
      anonymous,
      { value: 'é'.repeat(5001) },
    ],
    [
      'Secret value exceeds the maximum size of 100000 bytes',
      owner,
      { value: 'x'.repeat(100_001) },
    ],
    ['Passphrase must be at least 4 characters long', anonymous, { passphrase: 'abc' }],
    ['Passphrase must be at least 4 characters long', anonymous, { passphrase: '😀😀😀' }],
    [
      'Passphrase must be no more than 128 characters long',
      anonymous,
      { passphrase: 'x'.repeat(129) },
    ],
    ['An account is required to send emails.', anonymous, { recipients: ['a@example.com'] }],
    ['Undeliverable email address: nobody', owner, { recipients: ['a@example.com', 'Nobody'] }],
  ];
  it.each(refusals)('refuses with: %s', (message, caller, change) => {
    expect(() => termsOf(caller, { ...command, ...change })).toThrow(
      expect.objectContaining({ code: 'invalid_request', message }),
    );
  });

  it('accepts a value and a passphrase at their limits', () => {
    const passphrase = 'x'.repeat(128);
    const terms = termsOf(anonymous, { ...command, value: 'x'.repeat(10_000), passphrase });
    expect(terms).toEqual({
      ttlSeconds: 604_800,
      passphrase,
      recipients: [],
      notifiesOpened: false,
    });
    expect(termsOf(anonymous, { ...command, passphrase: 'äöü😀' }).passphrase).toBe('äöü😀');
    expect(termsOf(owner, { ...command, value: 'x'.repeat(100_000) }).ttlSeconds).toBe(604_800);
  });

  it('counts and grants the passphrase as it is stretched', () => {
    const terms = termsOf(anonymous, { ...command, passphrase: 'Cafe\u0301\u00A0１' });
    expect(terms.passphrase).toBe('Café 1');
    expect(() => termsOf(anonymous, { ...command, passphrase: 'e\u0301e\u0301' })).toThrow(
      'at least 4',
    );
  });

  it('treats an empty passphrase and empty recipients as absent', () => {
    const terms = termsOf(anonymous, { ...command, passphrase: '', recipients: ['', ' '] });
    expect(terms).toMatchObject({ passphrase: null, recipients: [] });
  });

  it('keeps each recipient once, in lower case', () => {
    const recipients = [' A@Example.com', 'a@example.com', 'b@example.com'];
    expect(termsOf(owner, { ...command, recipients }).recipients).toEqual([
      'a@example.com',
      'b@example.com',
    ]);
  });
});

describe(readTtlSeconds.name, () => {
  it.each([null, '', ' ', '0', ' 0 ', '00', '0.0', '0.', '.0', '+0', '-0', '0e5', '0.0e-3'])(
    'reads %j as "not set"',
    (text) => expect(readTtlSeconds(text)).toBeNull(),
  );

  it.each([
    ['300', 300],
    [' 300 ', 300],
    ['+300', 300],
    ['0300', 300],
    ['120.7', 120],
    ['120.', 120],
    ['1e3', 1000],
    ['99999999999999999999999999', Number.MAX_SAFE_INTEGER],
    ['9'.repeat(500), Number.MAX_SAFE_INTEGER],
    ['59', 60],
    ['-5', 60],
    ['0.4', 60],
    ['.5', 60],
    ['1e-999', 60],
    ['abc', 60],
    ['12abc', 60],
    ['0x100', 60],
    ['Infinity', 60],
    ['NaN', 60],
    ['true', 60],
  ])('reads %j as %i', (text, seconds) => expect(readTtlSeconds(text)).toBe(seconds));

  it('is "not set", or a safe integer of a minute or more, for any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.double().map(String)), (text) => {
        const seconds = readTtlSeconds(text) ?? 60;
        expect(Number.isSafeInteger(seconds)).toBe(true);
        expect(seconds).toBeGreaterThanOrEqual(60);
      }),
    );
  });
});

describe(grantedTtlSeconds.name, () => {
  it.each([null, 0, -0, NaN])('is the default of seven days for %p', (asked) => {
    expect(grantedTtlSeconds(asked, offerTo(anonymous))).toBe(604_800);
  });

  it('is between a minute and the maximum of the plan, for any request', () => {
    const asked = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(null, NaN, Infinity, -1, 0));
    fc.assert(
      fc.property(asked, fc.constantFrom(...Object.values(PLANS)), (seconds, limits) => {
        const granted = grantedTtlSeconds(seconds, { ttlSecondsDefault: 604_800, ...limits });
        expect(Number.isInteger(granted)).toBe(true);
        expect(granted).toBeGreaterThanOrEqual(60);
        expect(granted).toBeLessThanOrEqual(limits.ttlSecondsMax);
        if (seconds !== null && Number.isInteger(seconds) && seconds >= 60) {
          expect(granted).toBe(Math.min(seconds, limits.ttlSecondsMax));
        }
      }),
    );
  });
});

describe(maskAddress.name, () => {
  it.each([
    ['foo.bar@example.com', 'fo*****@e*****.com'],
    ['a@b.co.uk', 'a*****@b*****.uk'],
    ['ab@x.org', 'ab*****@x*****.org'],
  ])('masks %s as %s', (address, masked) => {
    expect(maskAddress(address)).toBe(masked);
  });
});
