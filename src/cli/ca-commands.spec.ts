import { caaRecords } from './ca-commands.js';

const NAME = '*.eu.ingress.onetime.example';
const ONE = {
  ca: 'acme.one.example',
  domains: ['one.example', 'also-one.example'],
  accountUri: 'https://acme.one.example/acct/1',
};

describe('caaRecords', () => {
  it('binds the names to the account at each CA, under each of its identities', () => {
    const other = { ca: 'other', domains: ['two.example'], accountUri: 'https://two.example/a/9' };
    expect(caaRecords(NAME, [ONE, other])).toEqual([
      `${NAME}. 300 IN CAA 0 issue "one.example; accounturi=https://acme.one.example/acct/1"`,
      `${NAME}. 300 IN CAA 0 issue "also-one.example; accounturi=https://acme.one.example/acct/1"`,
      `${NAME}. 300 IN CAA 0 issue "two.example; accounturi=https://two.example/a/9"`,
    ]);
  });

  it.each([
    ['does not answer', { ...ONE, domains: null }, /does not answer/],
    ['names no identity', { ...ONE, domains: [] }, /names no identity/],
    ['has no account of the region', { ...ONE, accountUri: null }, /no account at acme\.one/],
  ])('prints none while a CA %s: what is left out could not issue', (_what, ca, message) => {
    expect(() => caaRecords(NAME, [ONE, ca])).toThrow(message);
  });
});
