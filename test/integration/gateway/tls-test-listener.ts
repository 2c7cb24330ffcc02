import { SecureContexts } from '../../../src/certificates/contexts/secure-contexts.js';
import { TLS_LIMITS, type TlsLimits } from '../../../src/gateway/tls-listener-options.js';
import { sniOfRequest, TlsListener } from '../../../src/gateway/tls-listener.js';
import { requireHostname, type Hostname } from '../../../src/shared/hostname.js';
import { openTestAuthority, type TestAuthority } from '../certificates/test-authority.js';

export const EU = requireHostname('eu.onetime.example');
export const US = requireHostname('us.onetime.example');
export const STRANGER = 'elsewhere.example';

const SERVED = new Set<Hostname>([EU, US]);

export interface TestListener {
  readonly listener: TlsListener;
  readonly port: number;
  readonly ca: string;
  readonly test: TestAuthority;
  stop(): Promise<void>;
}

/** A listener for EU and US on a free port. It answers with the SNI that sniOfRequest() returns. */
export async function openTestListener(limits: Partial<TlsLimits> = {}): Promise<TestListener> {
  const test = await openTestAuthority();
  const contexts = new SecureContexts(test.authority, test.clock, {
    isServable: (hostname) => SERVED.has(hostname),
  });
  const listener = new TlsListener(contexts, { ...TLS_LIMITS, ...limits });
  listener.server.on('request', (request, response) => {
    if (request.url === '/never') return;
    response.end(`sni=${sniOfRequest(request)}`);
  });
  return {
    listener,
    test,
    port: await listener.listen('127.0.0.1', 0),
    ca: test.rootPem,
    stop: async () => {
      const drained = listener.drain();
      listener.destroyAll();
      await drained;
      await test.remove();
    },
  };
}
