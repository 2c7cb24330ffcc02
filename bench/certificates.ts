import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { freePorts } from '../demo/free-ports.js';
import { GatewayProcess } from '../demo/gateway-process.js';
import { Pebble } from '../demo/pebble.js';
import { connectDatabase } from '../src/database/connect.js';
import { startEmbeddedPostgres } from '../src/database/embedded/embedded-postgres.js';
import { migrateDatabase } from '../src/database/migrate.js';
import { startDnsServer, type DnsResponder } from '../src/dns/dns-server.js';
import { spreadOf, type Work } from './comparison.js';
import type { Placement } from './machine.js';
import type { PlainAcme } from './peers/plain-acme.js';
import type { Result } from './report.js';
import { seedProvenNames } from './seed-domains.js';
import { Worker } from './worker.js';

const NAMES = 100;
const ROUNDS = 3;
/** The default of GATEWAY_ACME_PARALLEL. */
const PARALLEL = 8;
const TARGET = 0.5;
const POLL = 20;
const ROUND_WITHIN = 300_000;

interface CertificatesContext {
  readonly placement: Placement;
}

/** Certificates a second of a region with many proven names, compared with as many orders by acme-client alone. */
export async function measureCertificates({ placement }: CertificatesContext): Promise<Result[]> {
  if (!Pebble.isInstalled) {
    console.log("  left out: Debian's package pebble is not installed");
    return [];
  }
  const rounds: { readonly gateway: number; readonly peer: number }[] = [];
  for (let round = 0; round < ROUNDS; round++)
    rounds.push(await withCa((ca) => measureRound(ca, placement)));
  const ratio = spreadOf(rounds.map(({ gateway, peer }) => gateway / peer));
  const line = (name: string, values: number[]): string => {
    const { median, min, max } = spreadOf(values);
    return `${name}: ${median.toFixed(1)} certificates/s (${min.toFixed(1)} to ${max.toFixed(1)})`;
  };
  return [
    {
      question: `certificates/s for ${NAMES} proven names, ${PARALLEL} at a time, against plain acme-client`,
      reached: `${ratio.median.toFixed(2)} (${ratio.min.toFixed(2)} to ${ratio.max.toFixed(2)})`,
      target: `at least ${TARGET.toFixed(2)}`,
      isMet: ratio.median >= TARGET,
      details: [
        line(
          'gateway',
          rounds.map(({ gateway }) => gateway),
        ),
        line(
          'plain acme-client',
          rounds.map(({ peer }) => peer),
        ),
      ],
    },
  ];
}

interface CertificateAuthority {
  readonly pebble: Pebble;
  readonly dnsServer: string;
  readonly httpPort: number;
}

/** Pebble, and a name server at which every name has the address of this machine. */
async function withCa<T>(work: (ca: CertificateAuthority) => Promise<T>): Promise<T> {
  const everyName: DnsResponder = ({ name, type }) => ({
    rcode: 'NOERROR',
    answers: type === 'A' ? [{ name, type: 'A', ttl: 60, data: '127.0.0.1' }] : [],
  });
  const dns = await startDnsServer(everyName);
  const [httpPort = 0, tlsPort = 0] = await freePorts(2);
  const pebble = await Pebble.start({ dnsServer: dns.address, httpPort, tlsPort });
  try {
    return await work({ pebble, dnsServer: dns.address, httpPort });
  } finally {
    await pebble.stop();
    await dns.close();
  }
}

/** One after the other, because both answer the CA on the same port. */
async function measureRound(
  ca: CertificateAuthority,
  placement: Placement,
): Promise<{ gateway: number; peer: number }> {
  const gateway = await measureGateway(ca, placement);
  const worker = Worker.start<PlainAcme, Work>('./peers/plain-acme.js', placement.server);
  try {
    const { pebble, httpPort } = ca;
    const { directoryUrl, caFile } = pebble;
    const names = Array.from({ length: NAMES }, (_, index) => `secrets.peer-${index}.test`);
    const plain = { directoryUrl, caFile, httpPort, names, parallel: PARALLEL };
    const { operations, seconds } = await worker.ask(plain);
    return { gateway, peer: operations / seconds };
  } finally {
    await worker.stop();
  }
}

async function measureGateway(
  { pebble, dnsServer, httpPort }: CertificateAuthority,
  { server: launcher }: Placement,
): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'onetime-bench-'));
  const postgres = await startEmbeddedPostgres({ dataDir: directory, regions: ['eu'] });
  const url = postgres.urlOf('eu');
  const client = new Client({ connectionString: url });
  try {
    const dataSource = await connectDatabase(url);
    await migrateDatabase(dataSource);
    await dataSource.destroy();
    await client.connect();
    await seedProvenNames(client, NAMES);
    const gateway = await GatewayProcess.spawn({
      launcher,
      variables: {
        GATEWAY_REGIONS: 'eu',
        GATEWAY_DATABASE_URL_EU: url,
        GATEWAY_ROOT_KEY_EU: randomBytes(32).toString('base64'),
        GATEWAY_HTTP_PORT: String(httpPort),
        GATEWAY_PROBE_HTTP_PORT: String(httpPort),
        GATEWAY_DNS_SERVERS: dnsServer,
        GATEWAY_ALLOW_RESERVED_TLDS: 'true',
        GATEWAY_ACME_DIRECTORY: pebble.directoryUrl,
        GATEWAY_ACME_CA_FILE: pebble.caFile,
        GATEWAY_LIMITS: 'off',
      },
    });
    try {
      return await rateOf(client);
    } finally {
      await gateway.remove();
    }
  } finally {
    await client.end();
    await postgres.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** From the first certificate to the last. */
async function rateOf(client: Client): Promise<number> {
  const giveUpAt = performance.now() + ROUND_WITHIN;
  let first: { readonly at: number; readonly count: number } | null = null;
  for (;;) {
    const { rows } = await client.query<{ count: number }>(
      `select count(*)::int as count from certificates where hostname like 'secrets.%'`,
    );
    const count = rows[0]?.count ?? 0;
    const at = performance.now();
    if (count > 0) first ??= { at, count };
    if (first !== null && count >= NAMES) return (count - first.count) / ((at - first.at) / 1000);
    if (at > giveUpAt) throw new Error(`only ${count} of ${NAMES} certificates were issued`);
    await delay(POLL);
  }
}
