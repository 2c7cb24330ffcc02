import { createSecureContext, type SecureContext } from 'node:tls';
import { Registry } from 'prom-client';
import { tlsAlpnCertificate } from '../../../src/acme/tls-alpn-certificate.js';
import { HostServers, type HostServer } from '../../../src/certificates/contexts/host-server.js';
import { EdgeJournal } from '../../../src/gateway/edge-journal.js';
import { TlsListener, type SniContextSource } from '../../../src/gateway/tls-listener.js';
import { AppError } from '../../../src/shared/app-error.js';
import { requireHostname, type Hostname } from '../../../src/shared/hostname.js';
import { createLogger } from '../../../src/shared/logger.js';
import { handshake } from '../../support/tls-client.js';
import { until } from '../../support/until.js';
import { openTestAuthority, type TestAuthority } from '../certificates/test-authority.js';
import { ANY_PORT, testAdmission } from './tls-test-listener.js';

const SERVED = requireHostname('secrets.example.com');
const REMOVED_MEANWHILE = requireHostname('gone.example.com');
const QUERY_FAILS = requireHostname('unsure.example.com');
const KEY_IS_WRONG = requireHostname('sealed.example.com');
const LOOKUP_THROWS = requireHostname('throws.example.com');
const FIND_THROWS = requireHostname('find-throws.example.com');
const WAITING = requireHostname('waiting.example.com');
const SERVABLE = new Set([SERVED, REMOVED_MEANWHILE, KEY_IS_WRONG, FIND_THROWS]);
const KEY_AUTHORIZATION = 'token.thumbprint';

/** A source whose every answer needs a query. */
class UncachedContexts implements SniContextSource {
  constructor(
    private readonly host: HostServer,
    private readonly challenge: SecureContext,
  ) {}

  isServable(hostname: Hostname): Promise<boolean> {
    if (hostname === QUERY_FAILS) return Promise.reject(new AppError('unavailable', 'no database'));
    if (hostname === LOOKUP_THROWS) throw new Error('a fault of this program');
    return Promise.resolve(SERVABLE.has(hostname));
  }

  find(hostname: Hostname): Promise<HostServer | null> {
    if (hostname === KEY_IS_WRONG) return Promise.reject(new Error('no key of version 2'));
    if (hostname === FIND_THROWS) throw new Error('a fault of this program');
    return Promise.resolve(hostname === SERVED ? this.host : null);
  }

  findChallenge(hostname: Hostname): Promise<SecureContext | null> {
    return Promise.resolve(hostname === WAITING ? this.challenge : null);
  }
}

let test: TestAuthority;
let listener: TlsListener;
let port: number;
const lines: string[] = [];
const registry = new Registry();

beforeAll(async () => {
  test = await openTestAuthority();
  const issued = await test.authority.issue(SERVED);
  const proof = await tlsAlpnCertificate(WAITING, KEY_AUTHORIZATION, new Date());
  const contexts = new UncachedContexts(
    new HostServers().build(SERVED, { key: issued.privateKeyPem, cert: issued.chainPem }),
    createSecureContext({ key: proof.privateKeyPem, cert: proof.certificatePem }),
  );
  const logger = createLogger({ destination: { write: (line) => void lines.push(line) } });
  const journal = new EdgeJournal(logger, registry);
  listener = new TlsListener(contexts, {
    journal,
    admission: testAdmission(journal),
    publicPort: 443,
  });
  ({ port } = await listener.listen(ANY_PORT));
});
afterAll(async () => {
  const drained = listener.drain();
  listener.destroyAll();
  await drained;
  await test.remove();
});

const connect = (servername: string, protocols?: string[]) =>
  handshake(port, {
    servername,
    ca: test.rootPem,
    rejectUnauthorized: !protocols?.includes('acme-tls/1'),
    ...(protocols === undefined ? {} : { ALPNProtocols: protocols }),
  });

describe('a name whose lookup needs a query', () => {
  it('is served when the query has found it', async () => {
    const socket = await connect(SERVED);
    expect(socket.getPeerCertificate().subjectaltname).toBe(`DNS:${SERVED}`);
    socket.destroy();
  });

  it('is refused with unrecognized_name when it is not found', async () => {
    await expect(connect('nobody.example.com')).rejects.toThrow(/unrecognized name/i);
  });

  it('is refused with internal_error when the query fails', async () => {
    await expect(connect(QUERY_FAILS)).rejects.toThrow(/internal error/i);
  });

  it('is refused with internal_error when it is removed during it, or has no key', async () => {
    await expect(connect(REMOVED_MEANWHILE)).rejects.toThrow(/internal error/i);
    await expect(connect(KEY_IS_WRONG)).rejects.toThrow(/internal error/i);
  });
});

describe('acme-tls/1', () => {
  it('alone gets the challenge certificate, before the name serves', async () => {
    const socket = await connect(WAITING, ['acme-tls/1']);
    expect(socket.alpnProtocol).toBe('acme-tls/1');
    const { subjectaltname, raw } = socket.getPeerCertificate();
    expect(subjectaltname).toBe(`DNS:${WAITING}`);
    expect(raw.includes(Buffer.from('2b0601050507011f', 'hex'))).toBe(true);
    socket.destroy();
  });

  it('beside another protocol gets no challenge certificate', async () => {
    const offer = connect(WAITING, ['acme-tls/1', 'http/1.1']);
    await expect(offer).rejects.toThrow(/unrecognized name/i);
    await expect(connect(WAITING)).rejects.toThrow(/unrecognized name/i);
    const socket = await connect(SERVED, ['acme-tls/1', 'http/1.1']);
    expect(socket.alpnProtocol).toBe('http/1.1');
    socket.destroy();
  });

  it('is refused when the name has no challenge', async () => {
    await expect(connect(SERVED, ['acme-tls/1'])).rejects.toThrow(/unrecognized name/i);
  });
});

describe('refused handshakes', () => {
  it.each([
    [REMOVED_MEANWHILE, 'no_certificate'],
    [QUERY_FAILS, 'lookup_failed'],
    [KEY_IS_WRONG, 'certificate_failed'],
    [FIND_THROWS, 'certificate_failed'],
    [requireHostname('nobody.example.com'), 'unknown_name'],
  ])('of %s are counted as %s', async (name, reason) => {
    const before = await counted(reason);
    await expect(connect(name)).rejects.toThrow();
    await until('it is counted', async () => (await counted(reason)) === before + 1);
  });

  it('are logged with the name, the reason and the error, the first of a reason at once', async () => {
    await expect(connect(KEY_IS_WRONG)).rejects.toThrow();
    const line = await until('it is logged', () =>
      lines.map((text) => JSON.parse(text) as Line).find(isWrongKey),
    );
    expect(line).toMatchObject({
      level: 'error',
      msg: 'handshake refused',
      hostname: KEY_IS_WRONG,
    });
    expect(line.err?.message).toBe('no key of version 2');
  });

  it('of a fault in the look-up end that connection only, and are logged and counted', async () => {
    await expect(connect(LOOKUP_THROWS)).rejects.toThrow();
    const metrics = await registry.metrics();
    expect(metrics).toContain('gateway_handler_failures_total{listener="https",event="hello"} 1');
    (await connect(SERVED)).destroy();
  });
});

interface Line {
  readonly level: string;
  readonly msg: string;
  readonly reason?: string;
  readonly hostname?: string;
  readonly err?: { readonly message: string };
}

const isWrongKey = (line: Line): boolean =>
  line.reason === 'certificate_failed' && line.hostname === KEY_IS_WRONG;

async function counted(reason: string): Promise<number> {
  const text = await registry.metrics();
  const pattern = new RegExp(
    `^gateway_refused_handshakes_total\\{reason="${reason}"\\} (\\d+)`,
    'm',
  );
  return Number(pattern.exec(text)?.[1] ?? 0);
}
