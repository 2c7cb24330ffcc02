import { parseAuthority } from './authority.js';

describe(parseAuthority, () => {
  it.each([
    ['eu.onetime.localhost', 'eu.onetime.localhost'],
    ['EU.Onetime.LOCALHOST:8443', 'eu.onetime.localhost'],
    ['eu.onetime.localhost.:8443', 'eu.onetime.localhost'],
    ['eu.onetime.localhost:', 'eu.onetime.localhost'],
    ['eu.onetime.localhost:0000008443', 'eu.onetime.localhost'],
    ['münchen.example', 'xn--mnchen-3ya.example'],
  ])('reads %s as %s', (text, hostname) => {
    expect(parseAuthority(text)).toBe(hostname);
  });

  it.each([
    '',
    '127.0.0.1',
    '127.0.0.1:8443',
    '[::1]',
    '[::1]:8443',
    'eu.onetime.localhost:port',
    'eu.onetime.localhost:123456',
    'a@eu.onetime.localhost',
    'eu.onetime.localhost/x',
    'eu.onetime.localhost, us.onetime.localhost',
    'eu.onetime.localhost us.onetime.localhost',
    'a_b.example',
    `${'a'.repeat(64)}.example`,
    `${'a.'.repeat(200)}example`,
  ])('refuses %j', (text) => {
    expect(parseAuthority(text)).toBeNull();
  });
});
