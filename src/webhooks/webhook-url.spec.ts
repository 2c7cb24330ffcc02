import { NetworkList } from '../shared/network.js';
import { targetOf, urlProblem } from './webhook-url.js';

const PUBLIC_ONLY = new NetworkList([]);
const LOOPBACK = new NetworkList(['127.0.0.0/8', '::1/128']);

describe('the URL of a webhook', () => {
  it.each([
    'https://hooks.example.com/',
    'https://hooks.example.com/a/b?token=x',
    'https://hooks.example.com:8443/x',
    'https://HOOKS.example.com',
    'https://93.184.216.34/x',
    'https://[2606:4700::1111]/x',
    'https://bücher.example/x',
  ])('may be %s', (url) => {
    expect(urlProblem(url, PUBLIC_ONLY)).toBeNull();
  });

  it.each([
    'http://hooks.example.com/',
    'ftp://hooks.example.com/',
    'javascript:alert(1)',
    'file:///etc/passwd',
    '//hooks.example.com/',
    'hooks.example.com',
    '',
    'https://',
    'https://user@hooks.example.com/',
    'https://user:pass@hooks.example.com/',
    'https://hooks.example.com/#x',
    'https://hooks.example.com/a b',
    'https://hooks.example.com/\r\nx: y',
    'https://localhost/',
    'https://hooks/',
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0177.0.0.1/',
    'https://0/',
    'https://10.1.2.3/',
    'https://169.254.169.254/latest/meta-data',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:93.184.216.34]/',
    'https://[fe80::1]/',
    'https://[fd00::1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[2002:7f00:1::]/',
    'https://hooks.example.com:22/',
    'https://hooks.example.com:80/',
    'https://hooks.example.com:1023/',
    `https://hooks.example.com/${'x'.repeat(2000)}`,
  ])('may not be %j', (url) => {
    expect(urlProblem(url, PUBLIC_ONLY)).toEqual(expect.any(String));
  });

  it('may name addresses that the operator allows, over plain HTTP too', () => {
    for (const url of ['http://127.0.0.1:9/x', 'https://127.0.0.1:9/x', 'http://[::1]:9/'])
      expect(urlProblem(url, LOOPBACK)).toBeNull();
    for (const url of ['http://hooks.example.com/', 'http://10.0.0.1/', 'https://10.0.0.1/'])
      expect(urlProblem(url, LOOPBACK)).toEqual(expect.any(String));
  });

  it('has one target for all of its spellings', () => {
    const spellings = [
      'https://Hooks.Example.com',
      'https://hooks.example.com:443/x?y',
      'https://hooks.example.com./',
    ];
    for (const url of spellings) expect(targetOf(new URL(url))).toBe('hooks.example.com:443');
    expect(targetOf(new URL('https://[::1]:8443/'))).toBe('::1:8443');
  });
});
