import { createSecureContext, type SecureContext } from 'node:tls';
import { tlsAlpnCertificate } from '../../../src/acme/tls-alpn-certificate.js';
import { TlsListener, type SniContextSource } from '../../../src/gateway/tls-listener.js';
import { AppError } from '../../../src/shared/app-error.js';
import { requireHostname, type Hostname } from '../../../src/shared/hostname.js';
import { handshake } from '../../support/tls-client.js';
import { openTestAuthority, type TestAuthority } from '../certificates/test-authority.js';

const SERVED = requireHostname('secrets.example.com');
const REMOVED_MEANWHILE = requireHostname('gone.example.com');
const QUERY_FAILS = requireHostname('unsure.example.com');
const WAITING = requireHostname('waiting.example.com');
const KEY_AUTHORIZATION = 'token.thumbprint';

/** A source whose every answer needs a query. */
class UncachedContexts implements SniContextSource {
  constructor(
    private readonly context: SecureContext,
    private readonly challenge: SecureContext,
  ) {}

  isServable(hostname: Hostname): Promise<boolean> {
    if (hostname === QUERY_FAILS) return Promise.reject(new AppError('unavailable', 'no database'));
    return Promise.resolve(hostname === SERVED || hostname === REMOVED_MEANWHILE);
  }

  find(hostname: Hostname): Promise<SecureContext | null> {
    return Promise.resolve(hostname === SERVED ? this.context : null);
  }

  findChallenge(hostname: Hostname): Promise<SecureContext | null> {
    return Promise.resolve(hostname === WAITING ? this.challenge : null);
  }
}

let test: TestAuthority;
let listener: TlsListener;
let port: number;

beforeAll(async () => {
  test = await openTestAuthority();
  const issued = await test.authority.issue(SERVED);
  const proof = await tlsAlpnCertificate(WAITING, KEY_AUTHORIZATION, new Date());
  const contexts = new UncachedContexts(
    createSecureContext({ key: issued.privateKeyPem, cert: issued.chainPem }),
    createSecureContext({ key: proof.privateKeyPem, cert: proof.certificatePem }),
  );
  listener = new TlsListener(contexts);
  port = await listener.listen('127.0.0.1', 0);
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

  it('has no handshake when it is removed during it', async () => {
    await expect(connect(REMOVED_MEANWHILE)).rejects.toThrow();
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
