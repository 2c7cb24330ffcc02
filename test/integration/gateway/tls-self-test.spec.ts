import type { Socket } from 'node:net';
import { createServer, type TlsOptions } from 'node:tls';
import {
  HostServers,
  type HostServer,
  type KeyPair,
} from '../../../src/certificates/contexts/host-server.js';
import { TLS_OPTIONS } from '../../../src/certificates/contexts/tls-options.js';
import { requireTlsAsPromised } from '../../../src/certificates/contexts/tls-self-test.js';
import { requireHostname } from '../../../src/shared/hostname.js';

/** A host whose TLS has other options than ours. */
const hostWith =
  (options: TlsOptions) =>
  (_hostname: string, pair: KeyPair): HostServer => {
    const server = createServer({ ...TLS_OPTIONS, ...pair, ...options });
    const accept = (raw: Socket): boolean => server.emit('connection', raw);
    return { server, accept } as unknown as HostServer;
  };

describe('the TLS self-test of a start', () => {
  it('passes with the TLS of our hosts', async () => {
    await expect(requireTlsAsPromised()).resolves.toBeUndefined();
  });

  it.each<[string, TlsOptions]>([
    ['TLS 1.1 is accepted', { minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' }],
    ['TLS 1.3 is refused', { maxVersion: 'TLSv1.2' }],
    ['TLS 1.2 is refused', { minVersion: 'TLSv1.3' }],
    ['a suite without AEAD is accepted', { ciphers: 'DEFAULT' }],
    ['the group X25519MLKEM768 is refused', { ecdhCurve: 'X25519:P-256' }],
    ['the group X25519 is refused', { ecdhCurve: 'X25519MLKEM768:P-256' }],
    ['the group P-256 is refused', { ecdhCurve: 'X25519MLKEM768:X25519' }],
  ])('refuses where %s, in one sentence', async (sentence, options) => {
    const refusal = await requireTlsAsPromised(hostWith(options)).catch((error: Error) => error);
    expect(refusal).toMatchObject({ name: 'ConfigError' });
    expect(refusal?.message.split('\n')).toHaveLength(1);
    expect(refusal?.message).toContain(sentence);
  });

  it.each([
    ['at all', 0],
    ['TLS 1.1, which is to be refused', 2],
    ['a ticket', 8],
  ])('is no refusal where a host does not answer %s', async (_what, answers) => {
    let left = answers;
    const deadline = 1000;
    const error = await requireTlsAsPromised((hostname, pair) => {
      const host = new HostServers().build(hostname, pair);
      const accept = (raw: Socket): void => {
        left -= 1;
        if (left >= 0) host.accept(raw);
      };
      return { server: host.server, accept } as unknown as HostServer;
    }, deadline).catch((err: Error) => err);
    expect(error).toMatchObject({ name: 'Error' });
    expect(error?.message).toContain(`within ${deadline} ms`);
  });

  it('refuses where a ticket of one host resumes at another', async () => {
    const servers = new HostServers();
    const everywhere = requireHostname('everywhere.test.invalid');
    const refusal = requireTlsAsPromised((_hostname, pair) => servers.build(everywhere, pair));
    await expect(refusal).rejects.toThrow('a ticket of one host resumes at another');
  });
});
