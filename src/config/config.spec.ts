import { randomBytes } from 'node:crypto';
import { ConfigError } from './config-error.js';
import { readConfig } from './config.js';
import { workersFor } from './config.schema.js';

const KEY = randomBytes(32).toString('base64');

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map((problem) => problem.variable);
    throw error;
  }
  return [];
}

describe('readConfig', () => {
  it('has a default for everything', () => {
    expect(readConfig({})).toMatchObject({
      baseDomain: 'onetime.localhost',
      fleet: ['us', 'eu'],
      defaultRegion: 'us',
      https: { addresses: ['127.0.0.1'], port: 8443 },
      publicHttpsPort: 8443,
    });
  });

  it('starts at most 64 workers, however many cores there are', () => {
    expect([1, 64, 65, 192].map(workersFor)).toEqual([1, 64, 64, 64]);
  });

  it('reads a process that serves one region, with an external database and key', () => {
    const config = readConfig({
      GATEWAY_BASE_DOMAIN: 'Onetime.Example.',
      GATEWAY_SERVE_REGIONS: 'eu',
      GATEWAY_DATABASE_URL_EU: 'postgres://gateway:pw@127.0.0.1/eu',
      GATEWAY_ROOT_KEY_EU: `2:${KEY}`,
      GATEWAY_PUBLIC_HTTPS_PORT: '443',
    });
    expect(config.served).toHaveLength(1);
    expect(config.served[0]).toMatchObject({ region: 'eu', host: 'eu.onetime.example' });
    expect(config.served[0]?.rootKeys?.[0].version).toBe(2);
  });

  it('listens on several addresses, which are the ingress as well', () => {
    const { https, ops, served } = readConfig({
      GATEWAY_BIND: '192.0.2.1, 2001:db8::1',
      GATEWAY_OPS_PORT: '8443',
    });
    expect(https.addresses).toEqual(['192.0.2.1', '2001:db8::1']);
    expect(served[0]?.ingressAddresses).toEqual(['192.0.2.1', '2001:db8::1']);
    expect(ops.port).toBe(8443);
    const all = readConfig({ GATEWAY_BIND: '0.0.0.0,::' });
    expect(all.served[0]?.ingressAddresses).toEqual(['127.0.0.1', '::1']);
  });

  it('refuses the same port for two listeners on every address', () => {
    expect(problemsOf({ GATEWAY_OPS_BIND: '::', GATEWAY_OPS_PORT: '8443' })).toEqual([
      'GATEWAY_OPS_PORT',
    ]);
  });

  describe('with name servers', () => {
    const NAMES = { GATEWAY_NAMESERVERS_EU: 'NS1.eu.onetime.localhost, ns2.elsewhere.net' };

    it('answers DNS beside the public listeners, on port 53', () => {
      expect(readConfig({}).nameserver).toBeNull();
      const { nameserver, served } = readConfig(NAMES);
      expect(nameserver).toMatchObject({ addresses: ['127.0.0.1'], port: 53 });
      expect(served.map(({ nameServers }) => nameServers)).toEqual([
        [],
        ['ns1.eu.onetime.localhost', 'ns2.elsewhere.net'],
      ]);
      const own = { GATEWAY_NAMESERVER_BIND: '192.0.2.1,::1', GATEWAY_NAMESERVER_PORT: '5300' };
      expect(readConfig({ ...NAMES, ...own }).nameserver).toMatchObject({
        addresses: ['192.0.2.1', '::1'],
        port: 5300,
      });
    });

    it('answers none where it only works, or serves none of their regions', () => {
      const eu = { GATEWAY_SERVE_REGIONS: 'eu', GATEWAY_ROOT_KEY_EU: `1:${KEY}` };
      const work = { GATEWAY_ROLE: 'work', GATEWAY_DATABASE_URL_EU: 'postgres://a:b@127.0.0.1/eu' };
      expect(readConfig({ ...NAMES, ...eu, ...work }).nameserver).toBeNull();
      expect(readConfig({ ...NAMES, GATEWAY_SERVE_REGIONS: 'us' }).nameserver).toBeNull();
    });

    it.each([
      ['names inside of the zone', { GATEWAY_NAMESERVERS_EU: 'ns.acme.eu.onetime.localhost' }],
      ['the zone itself', { GATEWAY_NAMESERVERS_EU: 'acme.eu.onetime.localhost' }],
      ['a name twice', { GATEWAY_NAMESERVERS_EU: 'ns1.example.net,ns1.example.net' }],
      ['an address', { GATEWAY_NAMESERVERS_EU: '192.0.2.1' }],
      ['a port without names', { GATEWAY_NAMESERVER_PORT: '53' }],
      ['the port of another listener', { ...NAMES, GATEWAY_NAMESERVER_PORT: '8443' }],
    ])('refuses %s', (_what, environment) => {
      const variable = Object.keys(environment).at(-1);
      expect(problemsOf(environment)).toEqual([variable]);
    });
  });

  it('has the operator API off, and with a port on the loopback address', () => {
    expect(readConfig({}).admin).toBeNull();
    const { admin, adminTls } = readConfig({ GATEWAY_ADMIN_PORT: '9443' });
    expect(admin).toMatchObject({ addresses: ['127.0.0.1'], port: 9443 });
    expect(adminTls).toBeNull();
  });

  it.each([
    ['the port of another listener', { GATEWAY_ADMIN_PORT: '9464' }, 'GATEWAY_ADMIN_PORT'],
    [
      'a certificate without its key',
      { GATEWAY_ADMIN_PORT: '9443', GATEWAY_ADMIN_TLS_CERT_FILE: 'x' },
      'GATEWAY_ADMIN_TLS_KEY_FILE',
    ],
    [
      'a key without its certificate',
      { GATEWAY_ADMIN_PORT: '9443', GATEWAY_ADMIN_TLS_KEY_FILE: 'x' },
      'GATEWAY_ADMIN_TLS_CERT_FILE',
    ],
    [
      'no certificate where a CA issues',
      {
        GATEWAY_ADMIN_PORT: '9443',
        GATEWAY_BASE_DOMAIN: 'onetime.dev',
        GATEWAY_ACME_DIRECTORY: 'https://ca.onetime.dev/directory',
        GATEWAY_ACME_EMAIL: 'ops@onetime.dev',
      },
      'GATEWAY_ADMIN_TLS_CERT_FILE',
    ],
  ])('refuses for the operator API %s', (_, environment, variable) => {
    expect(problemsOf(environment as Record<string, string>)).toEqual([variable]);
  });

  it('sets one limit and keeps the defaults of the others, or lifts all', () => {
    expect(readConfig({ GATEWAY_LIMIT_CREATE: '7/60' }).limits).toMatchObject({
      CREATE: { burst: 7, seconds: 60 },
      PASSPHRASE: { burst: 5, seconds: 600 },
    });
    expect(readConfig({ GATEWAY_LIMITS: 'off', GATEWAY_LIMIT_CREATE: '7/60' }).limits).toBeNull();
  });

  it('treats an empty value as unset', () => {
    expect(problemsOf({ GATEWAY_HTTPS_PORT: '', GATEWAY_DATABASE_URL_EU: '' })).toEqual([]);
  });

  it.each([
    ['GATEWAY_HTTPS_PORT', 'http'],
    ['GATEWAY_HTTPS_PORT', '70000'],
    ['GATEWAY_OPS_PORT', '0'],
    ['GATEWAY_BIND', 'localhost'],
    ['GATEWAY_BIND', '127.0.0.1,127.0.0.1'],
    ['GATEWAY_BIND', '127.0.0.1,,::1'],
    ['GATEWAY_HTTP_PORT', '8443'],
    ['GATEWAY_OPS_PORT', '8080'],
    ['GATEWAY_OPS_PORT', '8443'],
    ['GATEWAY_DATA_DIR', '/tmp/a,b'],
    ['GATEWAY_DATA_DIR', '/tmp/a"b'],
    ['GATEWAY_BASE_DOMAIN', 'localhost'],
    ['GATEWAY_BASE_DOMAIN', `${'a.'.repeat(108)}onetime.test`],
    [
      'GATEWAY_BASE_DOMAIN',
      `${'a'.repeat(60)}.${'a'.repeat(60)}.${'a'.repeat(60)}.${'a'.repeat(55)}.onetime.test`,
    ],
    ['GATEWAY_REGIONS', 'us,us'],
    ['GATEWAY_REGIONS', 'US'],
    ['GATEWAY_SERVE_REGIONS', 'mars'],
    ['GATEWAY_DEFAULT_REGION', 'mars'],
    ['GATEWAY_TRUSTED_PROXIES', 'proxy'],
    ['GATEWAY_TRUSTED_PROXIES', '10.1/16'],
    ['GATEWAY_TRUSTED_PROXIES', '10'],
    ['GATEWAY_PROXY_PROTOCOL_FROM', '010.0.0.1'],
    ['GATEWAY_WEBHOOK_PRIVATE_TARGETS', '0x50'],
    ['GATEWAY_PROXY_PROTOCOL_FROM', '10.0.0.0/33'],
    ['GATEWAY_ROOT_KEY_EU', 'secret'],
    ['GATEWAY_ROOT_KEY_EU', `2:${KEY},1:${KEY}`],
    ['GATEWAY_DATABASE_URL_EU', 'mysql://127.0.0.1/x'],
    ['GATEWAY_INGRESS_IPS_EU', 'somewhere'],
    ['GATEWAY_ALLOW_RESERVED_TLDS', 'yes'],
    ['GATEWAY_LOG_LEVEL', 'verbose'],
    ['GATEWAY_ACME_DIRECTORY', 'http://127.0.0.1/dir'],
    ['GATEWAY_ACME_EMAIL', 'ops@onetime.example'],
    ['GATEWAY_ACME2_DIRECTORY', 'ftp://127.0.0.1/dir'],
    ['GATEWAY_ACME2_EAB_HMAC', 'c2VjcmV0LWNhbmFyeS1rZXk'],
    ['GATEWAY_PROBE_HTTP_PORT', 'http'],
    ['GATEWAY_DNS_SERVERS', 'resolver'],
    ['GATEWAY_DNS_SERVERS', '127.0.0.1:99999'],
    ['GATEWAY_DNS_SERVERS', '127.0.0.1:0'],
    ['GATEWAY_DNS_SERVERS', '::1]:53'],
    ['GATEWAY_HTTPS_PORT', ' '],
    ['GATEWAY_OTLP_SHARE', '0.5'],
    ['GATEWAY_ADMIN_TLS_CERT_FILE', '/nowhere/cert.pem'],
    ['GATEWAY_DATA_DIR', '/dev/null'],
    ['GATEWAY_DATA_DIR', '/dev/null/below'],
    ['GATEWAY_LIMITS', 'none'],
    ['GATEWAY_LIMIT_CREATE', '10'],
    ['GATEWAY_LIMIT_CREATE', '0/60'],
    ['GATEWAY_LIMIT_CREATE', '10/0'],
    ['GATEWAY_LIMIT_COLOUR', '10/60'],
    ['GATEWAY_COLOUR', 'blue'],
    ['GATEWAY_DATABASE_URL_MARS', 'postgres://127.0.0.1/x'],
  ])('refuses %s=%s by name', (variable, value) => {
    expect(problemsOf({ [variable]: value })).toContain(variable);
  });

  it('requires a root key with a database URL, and a different database for each region', () => {
    expect(problemsOf({ GATEWAY_DATABASE_URL_EU: 'postgres://127.0.0.1/x' })).toEqual([
      'GATEWAY_ROOT_KEY_EU',
    ]);
    expect(
      problemsOf({
        GATEWAY_DATABASE_URL_EU: 'postgres://a@127.0.0.1/x',
        GATEWAY_DATABASE_URL_US: 'postgres://b@127.0.0.1/x',
        GATEWAY_ROOT_KEY_EU: KEY,
        GATEWAY_ROOT_KEY_US: randomBytes(32).toString('base64'),
      }),
    ).toEqual(['GATEWAY_DATABASE_URL_EU']);
  });

  it('refuses one root key for two regions', () => {
    const keys = { GATEWAY_ROOT_KEY_US: `2:${KEY}`, GATEWAY_ROOT_KEY_EU: `1:${KEY}` };
    expect(problemsOf(keys)).toEqual(['GATEWAY_ROOT_KEY_EU']);
  });

  it.each([
    ['a slash in its password', 'postgres://u:p/w@db.example/eu'],
    ['a number sign in its password', 'postgres://u:p#w@db.example/eu'],
    ['quotes around it', "'postgres://u:p@db.example/eu'"],
    ['nothing but spaces', ' '],
    ['a bad escape', 'postgres://u:p%zz@db.example/eu'],
    ['a misspelled parameter of TLS', 'postgres://u@db.example/eu?sslMode=require'],
    ['an unknown mode', 'postgres://u@db.example/eu?sslmode=on'],
    [
      'roots that are not there',
      'postgres://u@db.example/eu?sslmode=verify-full&sslrootcert=/nowhere',
    ],
  ])('refuses a database URL with %s', (_, url) => {
    const environment = { GATEWAY_DATABASE_URL_EU: url, GATEWAY_ROOT_KEY_EU: KEY };
    expect(problemsOf(environment)).toEqual(['GATEWAY_DATABASE_URL_EU']);
  });

  it('accepts parameters of a database URL that are not its own', () => {
    const url = 'postgres://u:p%25@db.example/eu?sslmode=verify-full&application_name=a';
    const environment = { GATEWAY_DATABASE_URL_EU: url, GATEWAY_ROOT_KEY_EU: KEY };
    expect(problemsOf(environment)).toEqual([]);
  });

  it('contains no key and no password in the error', () => {
    const environment = {
      GATEWAY_ROOT_KEY_EU: 'canary-key',
      GATEWAY_DATABASE_URL_EU: 'mysql://canary-password@h/x',
      GATEWAY_ACME_EAB_HMAC: 'canary/binding key',
    };
    expect(() => readConfig(environment)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('canary') as string }),
    );
  });

  describe('with a CA', () => {
    const ACME = {
      GATEWAY_BASE_DOMAIN: 'onetime.co.uk',
      GATEWAY_ACME_DIRECTORY: 'https://ca.onetime.co.uk:14000/dir',
    };

    it('probes port 80 and refuses reserved names by default', () => {
      expect(readConfig(ACME)).toMatchObject({
        cas: [{ name: 'ca.onetime.co.uk:14000', eab: null, caFile: null }],
        probeHttpPort: 80,
        allowsReservedTlds: false,
      });
    });

    it('uses the local authority without a CA, probes the HTTP port and allows reserved names', () => {
      expect(readConfig({ GATEWAY_HTTP_PORT: '8081' })).toMatchObject({
        cas: [],
        probeHttpPort: 8081,
        allowsReservedTlds: true,
      });
    });

    it('reads a second CA with external account binding, its key in base64 or base64url', () => {
      const { cas } = readConfig({
        ...ACME,
        GATEWAY_ACME2_DIRECTORY: 'https://other.onetime.co.uk/dir',
        GATEWAY_ACME2_EAB_KID: 'kid-1',
        GATEWAY_ACME2_EAB_HMAC: '+/+/AAAAAAAAAAAAAAAAAA==',
      });
      expect(cas[1]?.eab).toEqual({ kid: 'kid-1', hmacKey: '-_-_AAAAAAAAAAAAAAAAAA' });
    });

    it.each([
      ['GATEWAY_ACME_EAB_HMAC', { GATEWAY_ACME_EAB_KID: 'kid-1' }],
      ['GATEWAY_ACME_EAB_KID', { GATEWAY_ACME_EAB_HMAC: 'c2VjcmV0LWNhbmFyeS1rZXk' }],
      ['GATEWAY_ACME_CA_FILE', { GATEWAY_ACME_CA_FILE: '/nowhere/ca.pem' }],
      ['GATEWAY_ACME2_PROFILE', { GATEWAY_ACME2_PROFILE: 'shortlived' }],
      ['GATEWAY_ACME2_DIRECTORY', { GATEWAY_ACME2_DIRECTORY: ACME.GATEWAY_ACME_DIRECTORY }],
      [
        'GATEWAY_ACME_DIRECTORY',
        { GATEWAY_ACME_DIRECTORY: '', GATEWAY_ACME2_DIRECTORY: 'https://other.onetime.co.uk/dir' },
      ],
      ['GATEWAY_BASE_DOMAIN', { GATEWAY_BASE_DOMAIN: 'onetime.localhost' }],
      ['GATEWAY_INGRESS_IPS_EU', { GATEWAY_BIND: '0.0.0.0' }],
    ])('refuses %s by name in %j', (variable, changes) => {
      expect(problemsOf({ ...ACME, ...changes })).toContain(variable);
    });

    it('accepts a reserved base domain when reserved names are allowed', () => {
      const reserved = { GATEWAY_BASE_DOMAIN: 'onetime.localhost' };
      const allowed = { GATEWAY_ALLOW_RESERVED_TLDS: 'true' };
      expect(problemsOf({ ...ACME, ...reserved, ...allowed })).toEqual([]);
    });
  });
});

describe('GATEWAY_ROLE', () => {
  const shared = {
    GATEWAY_SERVE_REGIONS: 'eu',
    GATEWAY_DATABASE_URL_EU: 'postgres://gateway:pw@127.0.0.1/eu',
    GATEWAY_ROOT_KEY_EU: KEY,
  };

  it('is everything by default, and one of three words', () => {
    expect(readConfig({}).role).toBe('all');
    expect(readConfig({ ...shared, GATEWAY_ROLE: 'serve' }).role).toBe('serve');
    expect(problemsOf({ GATEWAY_ROLE: 'worker' })).toEqual(['GATEWAY_ROLE']);
  });

  it('needs a database that processes share', () => {
    expect(
      problemsOf({ ...shared, GATEWAY_SERVE_REGIONS: 'eu,us', GATEWAY_ROLE: 'serve' }),
    ).toEqual(['GATEWAY_ROLE']);
    expect(problemsOf({ GATEWAY_SERVE_REGIONS: 'eu', GATEWAY_ROLE: 'work' })).toEqual([
      'GATEWAY_ROLE',
    ]);
  });

  it("leaves the operator's API to the processes that work", () => {
    const admin = { ...shared, GATEWAY_ADMIN_PORT: '9465' };
    expect(problemsOf({ ...admin, GATEWAY_ROLE: 'serve' })).toEqual(['GATEWAY_ROLE']);
    expect(problemsOf({ ...admin, GATEWAY_ROLE: 'work' })).toEqual([]);
  });
});
