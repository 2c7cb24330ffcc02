import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:tls';
import type { Config } from '../../config/config.js';
import { existingRootKeys } from '../../config/data-dir-keys.js';
import { DnsResolver } from '../../dns/dns-resolver.js';
import { HttpProbe } from '../../domains/probe/http-probe.js';
import type { DoctoredRegion } from './doctored-region.js';
import { addressesOf, isLoopbackZone } from './dns-checks.js';
import { NO_KEY } from './key-check.js';
import { bad, good, note, reasonOf, type Finding } from './finding.js';

const LOOPBACK = ['127.0.0.1'];

/** Asks our own name through its public address, as a client would. From this machine: that is not quite from outside. */
export async function checkPorts(
  { config, own }: Pick<DoctoredRegion, 'config' | 'own'>,
  signal: AbortSignal,
): Promise<Finding[]> {
  const isLocal = isLoopbackZone(config) && config.cas.length === 0;
  const resolver = new DnsResolver({ servers: config.dnsServers });
  const addresses = isLocal ? LOOPBACK : await addressesOf(resolver, own.host, signal);
  if (addresses.length === 0)
    return [
      note(
        'ports not asked: the region host has no address',
        `add A and AAAA records for ${own.host}`,
      ),
    ];
  const findings = await Promise.all([
    plainFinding({ config, own }, addresses, signal),
    ...addresses.map((address) => tlsFinding(config, own.host, address)),
  ]);
  const caveat = note(
    'asked from this machine: a firewall, router or provider that treats others differently is not seen',
    isLocal
      ? 'nothing to do for development'
      : `ask from elsewhere too: curl https://${own.host}/api/v1/status`,
  );
  return [...findings, caveat];
}

async function plainFinding(
  { config, own }: Pick<DoctoredRegion, 'config' | 'own'>,
  addresses: readonly string[],
  signal: AbortSignal,
): Promise<Finding> {
  const rootKeys = existingRootKeys(config, own.region);
  if (rootKeys === null) return note('port for HTTP not asked: there is no root key yet', NO_KEY);
  const { probeHttpPort: httpPort, publicHttpsPort: httpsPort } = config;
  const probe = new HttpProbe({ region: own.region, rootKeys, httpPort, httpsPort });
  // Our own name may lead to a private address: a balancer's, or this machine's.
  const request = { hostname: own.host, addresses, ingressAddresses: addresses };
  const { status, address } = await probe.probe(request, signal);
  const place = `port ${httpPort} of ${address ?? addresses.join(', ')}`;
  if (status === 'ours') return good(`${place} is this region's gateway`);
  const start = `start the gateway, open the port, or let it lead to GATEWAY_HTTP_PORT=${config.http.port}`;
  if (status === 'html')
    return bad(
      `${place} answers without a proof by the root keys that are configured here`,
      `if root keys are bad above, correct them first; else another program has the port: ${start}`,
    );
  const action = `the CA and our own probes ask there: ${start}`;
  return bad(`${place} is not answered by this region's gateway (${status})`, action);
}

function tlsFinding(config: Config, host: string, address: string): Promise<Finding> {
  const port = config.publicHttpsPort;
  const place = `port ${port} of ${address}`;
  const roots = config.cas.length === 0 ? localRoots(config) : {};
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, servername: host, timeout: 5000, ...roots });
    const end = (finding: Finding): void => {
      socket.destroy();
      resolve(finding);
    };
    socket.on('secureConnect', () => {
      end(
        good(
          `${place} has a trusted certificate for ${host} until ${socket.getPeerCertificate().valid_to}`,
        ),
      );
    });
    socket.on('timeout', () => end(bad(`${place} does not answer`, openPort(config))));
    socket.on('error', (error) => {
      end(bad(`${place} cannot be used for ${host}: ${reasonOf(error)}`, openPort(config)));
    });
  });
}

function openPort({ https }: Config): string {
  return `start the gateway, open the port, or let it lead to GATEWAY_HTTPS_PORT=${https.port}; of a private CA this machine must trust the root`;
}

function localRoots({ dataDir }: Config): { ca?: Buffer } {
  try {
    return { ca: readFileSync(join(dataDir, 'ca', 'root.pem')) };
  } catch {
    return {};
  }
}
