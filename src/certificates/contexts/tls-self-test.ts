import { tlsAlpnCertificate } from '../../acme/tls-alpn-certificate.js';
import { ConfigError } from '../../config/config-error.js';
import { requireHostname } from '../../shared/hostname.js';
import { HostServers } from './host-server.js';
import { tryVisit, type TrialOptions, type Visit } from './trial-visit.js';

const HOST = requireHostname('self.test.invalid');
const OTHER_HOST = requireHostname('other.test.invalid');

interface Trial {
  readonly what: string;
  readonly isAccepted: boolean;
  readonly options: TrialOptions;
}

const TLS_1_2 = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const;
const TLS_1_3 = { minVersion: 'TLSv1.3' } as const;
/** The client's own OpenSSL must be willing. */
const TLS_1_1 = {
  minVersion: 'TLSv1',
  maxVersion: 'TLSv1.1',
  ciphers: 'DEFAULT@SECLEVEL=0',
} as const;

/** What operators are promised, whatever OPENSSL_CONF, NODE_OPTIONS and the build of Node say. */
const TRIALS: readonly Trial[] = [
  { what: 'TLS 1.3', isAccepted: true, options: TLS_1_3 },
  { what: 'TLS 1.2', isAccepted: true, options: TLS_1_2 },
  { what: 'TLS 1.1', isAccepted: false, options: TLS_1_1 },
  {
    what: 'a suite without AEAD',
    isAccepted: false,
    options: { ...TLS_1_2, ciphers: 'ECDHE-ECDSA-AES128-SHA256:ECDHE-ECDSA-AES128-SHA' },
  },
  ...['X25519MLKEM768', 'X25519', 'P-256'].map((group) => ({
    what: `the group ${group}`,
    isAccepted: true,
    options: { ...TLS_1_3, ecdhCurve: group },
  })),
];

type Build = HostServers['build'];
type Visitor = (options: TrialOptions) => Promise<Visit | null>;

/**
 * Tries the TLS of hosts in memory, before the process listens: versions, suites, groups, and that a ticket of one host
 * gives nothing at another.
 * @param deadlineMs of one connection
 * @throws ConfigError with a sentence for each promise that does not hold, Error when a host does not answer in time
 */
export async function requireTlsAsPromised(
  build: Build = ofOneRegion(),
  deadlineMs?: number,
): Promise<void> {
  const proof = await tlsAlpnCertificate(HOST, '', new Date());
  const pair = { key: proof.privateKeyPem, cert: proof.certificatePem };
  const [host, other] = [build(HOST, pair), build(OTHER_HOST, pair)];
  const toHost: Visitor = (options) => tryVisit(host, options, deadlineMs);
  const toOther: Visitor = (options) => tryVisit(other, options, deadlineMs);
  const broken = [...(await brokenTrials(toHost)), ...(await brokenTickets(toHost, toOther))];
  if (broken.length === 0) return;
  const message = `${broken.join('; ')}. See OPENSSL_CONF, NODE_OPTIONS and the build of Node`;
  throw new ConfigError([{ variable: 'TLS self-test', message }]);
}

function ofOneRegion(): Build {
  const servers = new HostServers();
  return (hostname, pair) => servers.build(hostname, pair);
}

async function brokenTrials(toHost: Visitor): Promise<string[]> {
  const broken: string[] = [];
  for (const { what, isAccepted, options } of TRIALS) {
    const was = (await toHost(options)) !== null;
    if (was !== isAccepted) broken.push(`${what} is ${was ? 'accepted' : 'refused'}`);
  }
  return broken;
}

async function brokenTickets(toHost: Visitor, toOther: Visitor): Promise<string[]> {
  for (const version of [TLS_1_2, TLS_1_3]) {
    const ticket = (await toHost(version))?.ticket ?? null;
    if (ticket === null) continue;
    const elsewhere = await toOther({ ...version, session: ticket });
    if (elsewhere?.isResumed === true) return ['a ticket of one host resumes at another'];
  }
  return [];
}
