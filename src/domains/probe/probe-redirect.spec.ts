import { readRedirect } from './probe-redirect.js';

describe(readRedirect.name, () => {
  const from = { hostname: 'secrets.example.com', port: 80, path: '/p', isTls: false };
  const kindOf = (location: string, start = from) =>
    readRedirect(location, start, [80, 443, 8443]).kind;

  it.each([
    ['https://secrets.example.com/p', 'https'],
    ['https://SECRETS.example.com:8443/x?y=1', 'https'],
    ['//secrets.example.com/p', 'redirect_loop'],
    ['/p', 'redirect_loop'],
    ['http://secrets.example.com/p?again', 'redirect_loop'],
    ['/elsewhere', 'redirected'],
    ['https://www.example.com/p', 'redirected'],
    ['http://169.254.169.254/latest', 'redirected'],
    ['https://secrets.example.com.evil.example/p', 'redirected'],
    ['https://secrets.example.com@evil.example/p', 'redirected'],
    ['https://secrets.example.com:2222/p', 'redirect_bad_port'],
    ['http://127.0.0.1:6379/', 'redirect_bad_port'],
    ['ftp://secrets.example.com/', 'redirected'],
    ['http://[', 'redirected'],
    ['', 'redirect_loop'],
  ])('classifies %s as %s', (location, kind) => {
    expect(kindOf(location)).toBe(kind);
  });

  it('classifies a redirect from HTTPS to the same name as a loop', () => {
    const start = { ...from, isTls: true, port: 443 };
    expect(kindOf('http://secrets.example.com/p', start)).toBe('redirect_loop');
    expect(kindOf('https://secrets.example.com/other', start)).toBe('redirect_loop');
  });
});
