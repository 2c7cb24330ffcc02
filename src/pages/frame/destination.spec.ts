import { destinationOf, leadingTo, signInAgainPath } from './destination.js';

describe('where a sign-in leads', () => {
  it.each([
    '/account',
    '/account/security',
    '/account/security/app',
    '/account/security?name=My+phone%21',
    '/domains',
    '/domains/cd0123/settings',
  ])('may be %s', (path) => {
    expect(destinationOf(path)).toBe(path);
  });

  it.each([
    undefined,
    null,
    ['/account/security'],
    '',
    'https://evil.example/account',
    '//evil.example/account',
    '/\\evil.example',
    '/account//evil.example',
    '/accounts',
    '/account/../sign-out',
    '/account/%2e%2e/sign-out',
    '/account/security#x',
    '/account/security?a=b&c=d',
    '/account/security?a=b?c=d',
    '/account/security?name=x\r\nset-cookie: y=z',
    '/account\r\nset-cookie: y=z',
    '/account/security\n',
    '/secret/abc',
    '/sign-out',
    `/account/${'x'.repeat(2000)}`,
  ])('is the account, and never %j', (text) => {
    expect(destinationOf(text)).toBe('/account');
  });

  it('is in the address of the sign-in page unless it is the account', () => {
    expect(leadingTo('/sign-in', '/account')).toBe('/sign-in');
    expect(leadingTo('/sign-in', '/domains')).toBe('/sign-in?to=%2Fdomains');
    expect(signInAgainPath('/account/security?name=a+b')).toBe(
      '/sign-in/again?to=%2Faccount%2Fsecurity%3Fname%3Da%2Bb',
    );
    expect(signInAgainPath('//evil.example')).toBe('/sign-in/again');
  });
});
