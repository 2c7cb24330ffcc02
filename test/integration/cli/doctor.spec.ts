import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { caaFindings } from '../../../src/cli/doctor/dns-checks.js';
import type { Line } from '../../../src/cli/doctor/finding.js';
import { DnsResolver } from '../../../src/dns/dns-resolver.js';
import { startDnsServer } from '../../../src/dns/dns-server.js';
import { proofOf } from '../../../src/dns/nameserver-proof.js';
import type { Region } from '../../../src/config/region.js';
import { parseRootKeys } from '../../../src/config/root-key.js';
import { answerProbe, parseProbePath } from '../../../src/domains/probe/probe-protocol.js';
import { grantServing } from '../../../src/database/serving-login.js';
import { verifyRootKeys } from '../../../src/region/root-key-check.js';
import { TestDnsServer } from '../../support/dns-server.js';
import { runCommand } from '../../support/run-command.js';
import { asAdmin, openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { temporaryFolder } from '../../support/temporary-server.js';

const EU = 'eu' as Region;
const newKey = (): string => randomBytes(32).toString('base64');

describe('gateway doctor', () => {
  let database: TestDatabase;
  let dns: TestDnsServer;
  /** Accepts connections and never says a word. */
  let silent: Server;
  let silentPort: number;
  const rootKey = newKey();
  const login = `serve_${randomBytes(6).toString('hex')}`;

  beforeAll(async () => {
    database = await openTestDatabase();
    dns = await TestDnsServer.start();
    silent = createServer((socket) => void socket.on('error', () => {})).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    silentPort = (silent.address() as { port: number }).port;
  });
  afterAll(async () => {
    silent.close();
    await dns.stop();
    await database.close();
    await asAdmin((admin) => admin.query(`drop role if exists ${login}`));
  });

  const environment = (): Record<string, string> => ({
    GATEWAY_BASE_DOMAIN: 'onetime.test',
    GATEWAY_REGIONS: 'eu',
    GATEWAY_DATA_DIR: temporaryFolder(),
    GATEWAY_DATABASE_URL_EU: database.url,
    GATEWAY_ROOT_KEY_EU: rootKey,
    GATEWAY_DNS_SERVERS: dns.address,
    GATEWAY_INGRESS_IPS_EU: '127.0.0.1',
    GATEWAY_HTTPS_PORT: '19',
    GATEWAY_HTTP_PORT: '9',
  });
  const examine = async (changes: Record<string, string> = {}) => {
    const { code, stdout, stderr } = await runCommand(['doctor', '--json'], {
      ...environment(),
      ...changes,
    });
    expect(stderr).toBe('');
    const lines = JSON.parse(stdout) as Line[];
    for (const line of lines)
      expect(line).toMatchObject({
        action: line.verdict === 'good' ? null : expect.stringMatching(/.{8}/),
      });
    const of = (check: string): string =>
      lines
        .filter((line) => line.check === check)
        .map(({ verdict, found }) => `${verdict}: ${found}`)
        .join('\n');
    return { code, lines, of };
  };

  it('says what is good, and for everything else what to do', async () => {
    dns.zone.set('eu.onetime.test', 'A', ['127.0.0.1']);
    dns.zone.set('onetime.test', 'A', ['127.0.0.1']);
    const { code, of } = await examine();
    expect(code).toBe(1);
    expect(of('configuration')).toBe('good: valid; serves eu');
    expect(of('TLS')).toBe('good: versions, suites, groups and tickets are as promised');
    const [, judged, ms] =
      /^good: PostgreSQL [\d.]+ answers\n(\w+): an answer takes ([\d.]+) ms/.exec(of('database')) ??
      [];
    // Of the machine's load, not of the doctor.
    expect(judged).toBe(Number(ms) <= 20 ? 'good' : 'note');
    expect(of('privileges')).toMatch(/^good: the role \w+ owns/);
    expect(of('migrations')).toBe('good: all migrations are applied');
    expect(of('clock')).toMatch(/^good: this host's clock is [\d.]+ s /);
    expect(of('root keys')).toMatch(
      /^good: current version 1, .*\nnote: version 1 was not used yet/,
    );
    expect(of('certificates')).toMatch(/^good: 0 valid certificates/);
    expect(of('mail queue')).toMatch(/^good: 0 mails wait/);
    expect(of('DNS')).toMatch(
      /^good: eu\.onetime\.test leads to 127\.0\.0\.1\ngood: onetime\.test .*\nbad: \*\.eu\.ingress\.onetime\.test has no address/,
    );
    expect(of('ports')).toMatch(/bad: port 9 of 127\.0\.0\.1 is not answered .*refused/);
    expect(of('ports')).toMatch(/bad: port 19 of 127\.0\.0\.1 cannot be used .*ECONNREFUSED/);
    expect(of('ports')).toMatch(/note: asked from this machine/);
  });

  it('accepts a wildcard that leads to our addresses, and names one that leads elsewhere', async () => {
    dns.zone.set('*.eu.ingress.onetime.test', 'A', ['127.0.0.1']);
    expect((await examine()).of('DNS')).toMatch(/good: \*\.eu\.ingress\.onetime\.test leads to/);
    dns.zone.set('*.eu.ingress.onetime.test', 'A', ['127.0.0.1', '127.0.0.9']);
    expect((await examine()).of('DNS')).toMatch(/bad: .* leads to 127\.0\.0\.9 too/);
    dns.zone.clear('*.eu.ingress.onetime.test', 'A');
  });

  it('asks for the name server as the world does, and each of its addresses by itself', async () => {
    const zone = 'acme.eu.onetime.localhost';
    let proves = rootKey;
    const server = await startDnsServer(({ name, type }) => {
      const nonce = /^_probe-([0-9a-f]{32})\./.exec(name)?.[1];
      if (name === 'ns1.onetime.localhost' && type === 'A')
        return { rcode: 'NOERROR', answers: [{ type, name, data: '127.0.0.1' }] };
      if (nonce === undefined) return { rcode: 'NXDOMAIN', answers: [] };
      const data = proofOf(parseRootKeys(proves), zone, nonce);
      return { rcode: 'NOERROR', answers: [{ type: 'TXT', name, data }] };
    });
    const settings = {
      GATEWAY_BASE_DOMAIN: 'onetime.localhost',
      GATEWAY_DNS_SERVERS: server.address,
      GATEWAY_NAMESERVERS_EU: 'ns1.onetime.localhost,ns2.onetime.localhost',
      GATEWAY_NAMESERVER_PORT: String(server.port),
    };
    const address = `127.0.0.1:${server.port}`;
    expect((await examine(settings)).of('name server')).toBe(
      [
        `good: ${zone} leads to this region's name server`,
        `good: ns1.onetime.localhost answers at ${address}`,
        'bad: the name server ns2.onetime.localhost has no address',
      ].join('\n'),
    );
    proves = newKey();
    expect((await examine(settings)).of('name server')).toMatch(
      new RegExp(`^bad: ${zone} is not delegated .*\nbad: ns1.* does not answer for this region`),
    );
    await server.close();
    expect((await examine()).of('name server')).toBe('');
  });

  it('says whether the CAA records of our own names permit the CA', async () => {
    const resolver = new DnsResolver({ servers: [dns.address] });
    const known = {
      hosts: ['eu.onetime.test', 'caa.test'],
      cas: [{ domain: 'ca.example', accountUri: null, methods: ['http-01'] }],
    };
    const found = async () =>
      (await caaFindings(resolver, known, AbortSignal.timeout(30_000))).map(
        ({ verdict, found: text }) => `${verdict}: ${text}`,
      );
    dns.zone.set('caa.test', 'CAA', ['0 issue "other.example"']);
    expect(await found()).toEqual([
      'good: CAA of eu.onetime.test permits ca.example',
      'bad: CAA at caa.test forbids every configured CA for caa.test',
    ]);
    dns.fault('caa.test', 'servfail');
    expect((await found())[1]).toBe('bad: the CAA records of caa.test cannot be looked up');
  });

  it('names a root key that is not the one of the database, and one that is missing', async () => {
    const write = (text: string): Promise<void> =>
      verifyRootKeys({ region: EU, rootKeys: parseRootKeys(text) }, database.dataSource);
    await write(`2:${newKey()},1:${rootKey}`);
    const { of } = await examine({ GATEWAY_ROOT_KEY_EU: `1:${newKey()}` });
    expect(of('root keys')).toMatch(
      /^bad: version 1 is another key than .*\nbad: version 2 is not configured/,
    );
    await database.dataSource.query('delete from root_key_checks');
  });

  it('names certificates that fail and are late, and mails that wait', async () => {
    await database.dataSource.query(
      `insert into issuances (hostname, registrable_domain, state, source, held_by, attempts, next_at, problem)
       values ('late.test', 'late.test', 'queued', 'acme', 'none', 3, now() - interval '1 hour',
         '{"type": "caa", "detail": "CAA forbids it"}')`,
    );
    await database.dataSource.query(
      `insert into mails (id, kind, key_version, sealed, state, next_at, give_up_at, created_at)
       values (gen_random_uuid(), 'link', 1, '\\x00', 'queued', now(), now() + interval '1 day', now() - interval '1 hour')`,
    );
    const { of } = await examine();
    expect(of('certificates')).toMatch(
      /bad: late\.test is queued: CAA forbids it\nbad: 1 names have been due/,
    );
    expect(of('mail queue')).toMatch(/^bad: 1 mails wait, the oldest for 36\d\d s/);
    await database.dataSource.query('delete from issuances');
    await database.dataSource.query('delete from mails');
  });

  it('looks at everything else when the database, the CA and the mail server do not answer', async () => {
    const { code, of } = await examine({
      GATEWAY_HTTPS_PORT: String(silentPort),
      GATEWAY_DATABASE_URL_EU: `postgres://x:y@127.0.0.1:${silentPort}/x`,
      GATEWAY_ACME_DIRECTORY: `https://127.0.0.1:${silentPort}/dir`,
      GATEWAY_ALLOW_RESERVED_TLDS: 'true',
      GATEWAY_SMTP_URL: `smtp://127.0.0.1:${silentPort}`,
      GATEWAY_SMTP_PLAIN: 'true',
      GATEWAY_MAIL_FROM: 'us@onetime.test',
    });
    expect(code).toBe(1);
    expect(of('database')).toMatch(
      /^bad: cannot be used, so nothing in it was looked at: .*PostgreSQL did not answer within 3 s$/,
    );
    expect(of('CA')).toMatch(/^bad: 127\.0\.0\.1:\d+ cannot be used: .*no answer within/);
    expect(of('ports')).toMatch(/bad: port \d+ of 127\.0\.0\.1 does not answer/);
    expect(of('mail')).toMatch(/^bad: 127\.0\.0\.1:\d+ cannot be used: timeout/);
    expect(of('DNS')).toMatch(/^good: eu\.onetime\.test/);
    expect(of('disk')).toMatch(/ free at the data dir /);
  });

  it.each(['', 'not-made-yet'])(
    'makes no embedded database in a fresh data dir (%s)',
    async (name) => {
      const parent = temporaryFolder();
      const { GATEWAY_DATABASE_URL_EU: _, ...embedded } = environment();
      const { stdout, stderr } = await runCommand(['doctor', '--json'], {
        ...embedded,
        GATEWAY_DATA_DIR: join(parent, name),
      });
      expect(stderr).toBe('');
      expect((JSON.parse(stdout) as Line[]).filter(({ check }) => check === 'database')).toEqual([
        {
          region: 'eu',
          check: 'database',
          verdict: 'note',
          found: expect.stringMatching(/ has no embedded database of eu yet$/),
          action: expect.stringMatching(/^the first start makes it; .*GATEWAY_DATABASE_URL_EU/),
        },
      ]);
      expect(readdirSync(parent)).toEqual([]);
    },
  );

  describe('for a process that only serves', () => {
    const serving = (): Record<string, string> => {
      const url = new URL(database.url);
      [url.username, url.password] = [login, login];
      return {
        GATEWAY_ROLE: 'serve',
        GATEWAY_DATABASE_URL_EU: url.href,
        // Where a process that works would be told that it does not answer.
        GATEWAY_ACME_DIRECTORY: `https://127.0.0.1:${silentPort}/dir`,
        GATEWAY_ALLOW_RESERVED_TLDS: 'true',
      };
    };

    beforeAll(async () => {
      await asAdmin((admin) => admin.query(`create role ${login} login password '${login}'`));
      await grantServing(database.dataSource, login);
    });

    it('finds nothing bad in a login as it should be', async () => {
      const { of, lines } = await examine(serving());
      // The database of the tests does not survive a crash.
      const others = ['DNS', 'ports', 'durability'];
      const ofDatabase = lines.filter(({ check }) => !others.includes(check));
      expect(ofDatabase.filter(({ verdict }) => verdict === 'bad')).toEqual([]);
      expect(of('privileges')).toBe(
        `good: the login ${login} may do what a process that serves needs, and nothing else`,
      );
      expect(of('role')).toMatch(/^note: CAs, certificates and mails are not looked at/);
    });

    it('names what the login lacks and what it has too much, and never to make it the owner', async () => {
      await database.dataSource.query(`revoke select on secrets from ${login}`);
      await database.dataSource.query(`grant select on account_passwords to ${login}`);
      const { of, lines } = await examine(serving());
      expect(of('privileges')).toMatch(
        /^bad: the login \w+ lacks SELECT secrets.*\nbad: the login \w+ may do more than it needs: SELECT account_passwords/,
      );
      const actions = lines.map(({ action }) => action).join('\n');
      expect(actions).toContain(`gateway migrate --grant-serve ${login}`);
      expect(actions).not.toContain('alter database');
      await grantServing(database.dataSource, login);
      const owner = { ...serving(), GATEWAY_DATABASE_URL_EU: database.url };
      expect((await examine(owner)).of('privileges')).toMatch(/^bad: .* owns the database/);
    });

    it('says whose login a process of another role needs, and never to make this one the owner', async () => {
      const { of, lines } = await examine({ ...serving(), GATEWAY_ROLE: 'all' });
      expect(of('privileges')).toBe(
        `bad: the gateway's tables belong to the role ${new URL(database.url).username}, not to ${login}`,
      );
      expect(lines.map(({ action }) => action).join('\n')).not.toContain('alter database');
    });

    it('is what other commands refuse to be used with, in one sentence', async () => {
      const { code, stderr } = await runCommand(['account', 'list'], {
        ...environment(),
        ...serving(),
      });
      expect([code, stderr]).toEqual([
        1,
        expect.stringMatching(
          /^permission denied [^\n]*: this command needs the login of the [^\n]*$/,
        ),
      ]);
    });
  });

  it('explains a bad configuration line by line, with code 1', async () => {
    const { code, lines } = await examine({ GATEWAY_HTTPS_PORT: 'x', GATEWAY_REGION: 'eu' });
    expect(code).toBe(1);
    expect(lines.map(({ verdict }) => verdict)).toContain('bad');
    expect(lines[0]?.found).toMatch(/^GATEWAY_HTTPS_PORT: /);
  });

  it.each(['GATEWAY_BRAND_FILE', 'GATEWAY_ADMIN_TLS_CERT_FILE'])(
    'explains a file of %s that the start would refuse',
    async (variable) => {
      const file = join(temporaryFolder(), 'missing');
      const { code, lines } = await examine({
        [variable]: file,
        ...(variable === 'GATEWAY_BRAND_FILE'
          ? {}
          : { GATEWAY_ADMIN_PORT: '20', GATEWAY_ADMIN_TLS_KEY_FILE: file }),
      });
      expect([code, lines[0]]).toMatchObject([
        1,
        { verdict: 'bad', found: expect.stringMatching(new RegExp(`^${variable}: `)) },
      ]);
    },
  );

  it('does not say of a gateway with other root keys that none answers', async () => {
    const other = parseRootKeys(newKey());
    const gateway = createHttpServer(({ url = '' }, response) => {
      const { nonce = '' } = parseProbePath(url) ?? {};
      response.end(answerProbe(other, EU, 'eu.onetime.test', nonce));
    }).listen(0, '127.0.0.1');
    await once(gateway, 'listening');
    const { port } = gateway.address() as { port: number };
    const { of } = await examine({ GATEWAY_PROBE_HTTP_PORT: String(port) });
    expect(of('ports')).toMatch(/bad: port \d+ of \S+ answers without a proof by the root keys/);
    gateway.close();
  });
});
