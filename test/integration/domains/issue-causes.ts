import type { RequestListener } from 'node:http';
import type { Diagnosis } from '../../../src/domains/diagnosis/diagnosis.js';
import type { IssueCode } from '../../../src/domains/diagnosis/issue-code.js';
import type { DnsFault } from '../../support/dns-server.js';
import {
  asGateway,
  CLOUDFLARE,
  DEAF,
  FOREIGN,
  INGRESS,
  regionWith,
  type IssueScene,
  type SceneClaim,
} from './issue-scene.js';

type Cause = (scene: IssueScene) => Promise<Diagnosis>;
type RecordType = Parameters<IssueScene['set']>[1];
type Records = (claim: SceneClaim) => readonly (readonly [string, RecordType, ...string[]])[];

/** A claim with these records. */
function records(of: Records, { isApex = false } = {}): Cause {
  return async (scene) => {
    const claim = await scene.claim({ isApex });
    for (const [name, type, ...values] of of(claim)) scene.set(name, type, values);
    return claim.look();
  };
}

/** These records and the right TXT record. */
function routed(of: Records, options = {}): Cause {
  return records((claim) => [proof(claim), ...of(claim)], options);
}

/** These records and our address, so that nothing but the proof is missing. */
function unproven(of: Records): Cause {
  return records((claim) => [[claim.name, 'A', INGRESS], ...of(claim)], { isApex: true });
}

const proof = ({ expected }: SceneClaim) =>
  [expected.challengeName, 'TXT', expected.challengeValue] as const;

/** These records and the right TXT record, and a DNS provider that can make the others. */
function provided(
  of: Records,
  key: Parameters<SceneClaim['withProvider']>[0] = 'published',
  outcome: Parameters<SceneClaim['withProvider']>[1] = null,
): Cause {
  return async (scene) => {
    const claim = await scene.claim();
    for (const [name, type, ...values] of [proof(claim), ...of(claim)])
      scene.set(name, type, values);
    return claim.withProvider(key, outcome);
  };
}

/** Right records, and name servers with a fault. */
function faulty(fault: DnsFault, deadlineMs = 60_000): Cause {
  return async (scene) => {
    const claim = await scene.claim();
    claim.makeRecords();
    scene.onEveryServer((server) => server.fault('*', fault));
    scene.deadlineMs = deadlineMs;
    return claim.look();
  };
}

/** Right records, and an ingress at which something else answers. */
function ingress(answer: (claim: SceneClaim, scene: IssueScene) => RequestListener): Cause {
  return async (scene) => {
    const claim = await scene.claim();
    claim.makeRecords();
    scene.ingress = answer(claim, scene);
    return claim.look();
  };
}

function redirect(to: (claim: SceneClaim, path: string, scene: IssueScene) => string): Cause {
  return ingress((claim, scene) => (request, response) => {
    response.writeHead(301, { location: to(claim, request.url ?? '', scene) }).end();
  });
}

function caa(...values: string[]): Cause {
  return async (scene) => {
    const claim = await scene.claim();
    claim.makeRecords();
    scene.set(claim.zone, 'CAA', values);
    return claim.look();
  };
}

/** One of three name servers has the records already. */
const spreading: Cause = async (scene) => {
  const claim = await scene.claim();
  const [first] = scene.dnsServers;
  first?.zone.set(claim.name, 'CNAME', [claim.expected.target]);
  return claim.look();
};

/** The proof of a claim that has it is removed. */
async function unprove(scene: IssueScene): Promise<SceneClaim> {
  const claim = await scene.provenByAnother();
  scene.onEveryServer(({ zone }) => zone.clear(claim.expected.challengeName));
  scene.onEveryServer(({ zone }) => zone.clear(claim.name));
  return claim;
}

const behindCloudflare: RequestListener = (request, response) => {
  response.setHeader('server', 'cloudflare');
  asGateway(request, response);
};

const label = ({ expected }: SceneClaim) => expected.challengeName.split('.', 1)[0] ?? '';

/** For each code what happens in the world, and leads to it. Codes of certificates: certificate-issues.spec.ts. */
export const CAUSES = {
  NOT_CHECKED: async (scene) => (await scene.claim()).diagnosis(),
  ZONE_NXDOMAIN: faulty('nxdomain'),
  ZONE_SERVFAIL: faulty('servfail'),
  DNSSEC_BOGUS: faulty('bogus'),
  DNS_UNREACHABLE: faulty('silent', 300),
  DNS_DISAGREEMENT: spreading,
  DELEGATED_ZONE: records(({ name }) => [[name, 'NS', 'ns1.self.example']]),
  NAME_BLOCKED: async (scene) => {
    const claim = await scene.claim();
    claim.makeRecords();
    await scene.block(claim, 'It shows a copy of a bank.');
    return claim.look();
  },
  CONFLICT_OTHER_CLAIM: async (scene) => {
    const { name } = await scene.provenByAnother();
    return (await scene.claim({ name })).look();
  },
  OWNERSHIP_PROOF_GONE: async (scene) => (await unprove(scene)).look(),
  OWNERSHIP_LAPSED: async (scene) => {
    const claim = await unprove(scene);
    await claim.look();
    await scene.letLapse(claim);
    return claim.look();
  },
  CNAME_PROOF_REQUIRED: async (scene) => {
    const other = await unprove(scene);
    await scene.release(other);
    const claim = await scene.claim({ name: other.name });
    scene.set(claim.name, 'A', [INGRESS]);
    scene.set(claim.expected.challengeName, 'TXT', [claim.expected.challengeValue]);
    return claim.look();
  },
  PROOF_SPREADING: spreading,
  TXT_MISSING: unproven(() => []),
  TXT_MISMATCH: unproven((claim) => [[claim.expected.challengeName, 'TXT', 'f'.repeat(32)]]),
  TXT_DOUBLE_LABEL: unproven((claim) => [
    [`${claim.expected.challengeName}.${claim.zone}`, 'TXT', claim.expected.challengeValue],
  ]),
  TXT_QUOTED: unproven(({ expected }) => [
    [expected.challengeName, 'TXT', `"${expected.challengeValue}" `],
  ]),
  TXT_UPPER_CASE: unproven(({ expected }) => [
    [expected.challengeName, 'TXT', expected.challengeValue.toUpperCase()],
  ]),
  TXT_EXTRA_TEXT: unproven(({ expected }) => [
    [expected.challengeName, 'TXT', `https://${expected.challengeValue}`],
  ]),
  TXT_WRONG_NAME: unproven((claim) => [
    [`${label(claim).slice(1)}.${claim.name}`, 'TXT', claim.expected.challengeValue],
  ]),
  TXT_IS_CNAME: unproven(({ expected, zone }) => [
    [expected.challengeName, 'CNAME', `${expected.challengeValue}.${zone}`],
  ]),
  TXT_ON_PROXIED_NAME: async (scene) => {
    scene.foreign = behindCloudflare;
    return records((claim) => [
      [claim.name, 'A', CLOUDFLARE],
      [claim.name, 'TXT', claim.expected.challengeValue],
    ])(scene);
  },
  TXT_AT_NAME: unproven((claim) => [[claim.name, 'TXT', claim.expected.challengeValue]]),
  TXT_UNANSWERABLE: async (scene) => {
    const claim = await scene.claim({ isApex: true });
    claim.makeRecords();
    scene.onEveryServer((server) => server.fault(claim.expected.challengeName, 'servfail', 'TXT'));
    return claim.look();
  },
  NO_RECORDS: routed(() => []),
  TARGET_UNRESOLVED: async (scene) => {
    const claim = await scene.claim();
    claim.makeRecords();
    scene.onEveryServer(({ zone }) => zone.clear('*.eu.ingress.onetime.localhost'));
    return claim.look();
  },
  A_ELSEWHERE: routed(({ name }) => [[name, 'A', FOREIGN]]),
  A_MIXED: routed(({ name }) => [[name, 'A', INGRESS, FOREIGN]]),
  AAAA_CONFLICT: routed(({ name }) => [
    [name, 'A', INGRESS],
    [name, 'AAAA', '2a00::7'],
  ]),
  ADDRESS_INSTEAD_OF_CNAME: routed(({ name }) => [[name, 'A', INGRESS]]),
  CNAME_ELSEWHERE: routed(({ name, zone }) => [
    [name, 'CNAME', `shop.${zone}`],
    [`shop.${zone}`, 'A', FOREIGN],
  ]),
  CNAME_OTHER_TARGET: routed(({ name }) => [[name, 'CNAME', 'eu.onetime.localhost']]),
  CNAME_AT_APEX: routed(({ name, expected }) => [[name, 'CNAME', expected.target]], {
    isApex: true,
  }),
  CNAME_WITH_SIBLINGS: routed(({ name, zone, expected }) => [
    [name, 'CNAME', expected.target],
    [name, 'MX', `10 mail.${zone}`],
  ]),
  CNAME_CHAIN_TOO_LONG: routed(({ name, zone, expected }) => {
    const hops = [name, ...Array.from({ length: 9 }, (_, at) => `hop${at}.${zone}`)];
    return hops.map((hop, at) => [hop, 'CNAME', hops[at + 1] ?? expected.target] as const);
  }),
  CNAME_LOOP: routed(({ name, zone }) => [
    [name, 'CNAME', `a.${zone}`],
    [`a.${zone}`, 'CNAME', name],
  ]),
  CNAME_UNRESOLVED: async (scene) => {
    const claim = await scene.claim();
    claim.makeRecords();
    scene.set(claim.name, 'CNAME', ['shop.broken.test']);
    scene.onEveryServer((server) => {
      for (const type of ['A', 'AAAA', 'CNAME']) server.fault('shop.broken.test', 'servfail', type);
      for (const type of ['A', 'AAAA']) server.fault(claim.name, 'servfail', type);
    });
    return claim.look();
  },
  CNAME_VALUE_DOUBLED: routed(({ name, zone, expected }) => [
    [name, 'CNAME', `${expected.target}.${zone}`],
  ]),
  CNAME_VALUE_URL: async (scene) => {
    const claim = await scene.claim();
    claim.makeRecords();
    const data = `https://${claim.expected.target}/`;
    const answers = [{ name: claim.name, type: 'CNAME' as const, ttl: 60, data }];
    scene.onEveryServer(({ raw }) => {
      for (const type of ['A', 'AAAA', 'CNAME', 'TXT', 'MX'])
        raw.set(`${claim.name} ${type}`, { rcode: 'NOERROR', answers });
    });
    return claim.look();
  },
  PAIR_UNCLAIMED: routed(
    ({ name }) => [
      [name, 'A', INGRESS],
      [`www.${name}`, 'A', INGRESS],
    ],
    {
      isApex: true,
    },
  ),
  CNAME_DOUBLE_LABEL: routed(({ name, zone, expected }) => [
    [`${name}.${zone}`, 'CNAME', expected.target],
  ]),
  CNAME_WRONG_NAME: routed(({ zone, expected }) => [[zone, 'CNAME', expected.target]]),
  CNAME_IS_TXT: routed(({ name, expected }) => [[name, 'TXT', expected.target]]),
  A_DOUBLE_LABEL: routed(({ zone }) => [[`${zone}.${zone}`, 'A', INGRESS]], { isApex: true }),
  A_MISSING: async (scene) => {
    scene.settings = regionWith([INGRESS, '::1']);
    return routed(({ name }) => [[name, 'AAAA', '::1']])(scene);
  },
  CNAME_STALE_REGION: routed(({ name }) => [
    [name, 'CNAME', 'k3v9q2m8x7c1b5n0.us.ingress.onetime.localhost'],
    ['k3v9q2m8x7c1b5n0.us.ingress.onetime.localhost', 'A', FOREIGN],
  ]),
  PRIVATE_ADDRESS: routed(({ name }) => [[name, 'A', '10.1.2.3']]),
  // A TXT record below the name would keep the wildcard record from it (RFC 4592).
  WILDCARD_SHADOW: records(({ zone }) => [[`*.${zone}`, 'A', FOREIGN]]),
  PROXY_CLOUDFLARE: async (scene) => {
    scene.foreign = behindCloudflare;
    return routed(({ name }) => [[name, 'A', CLOUDFLARE]])(scene);
  },
  PROXY_OTHER: routed(({ name }) => [
    [name, 'CNAME', 'd111111abcdef8.cloudfront.net'],
    ['d111111abcdef8.cloudfront.net', 'A', FOREIGN],
  ]),
  REDIRECT_FORCED_HTTPS: redirect(
    ({ name }, path, scene) => `https://${name}:${scene.httpsPort}${path}`,
  ),
  REDIRECT_LOOP: redirect((_, path) => path),
  REDIRECT_BAD_PORT: redirect(({ name }, path) => `https://${name}:8443${path}`),
  REDIRECT_ELSEWHERE: redirect(({ zone }) => `https://www.${zone}/`),
  PORT80_TIMEOUT: async (scene) => {
    scene.probeDeadlineMs = 300;
    return ingress(() => () => {})(scene);
  },
  PORT80_REFUSED: async (scene) => {
    scene.settings = regionWith([DEAF]);
    scene.set('*.eu.ingress.onetime.localhost', 'A', [DEAF]);
    return ingress(() => asGateway)(scene);
  },
  PORT80_UNREACHABLE: ingress(() => (request) => request.socket.destroy()),
  CHALLENGE_404: ingress(() => (_, response) => response.writeHead(404).end()),
  CHALLENGE_HTML: ingress(() => (_, response) => response.end('<html>It works!</html>')),
  CAA_FORBIDS: caa('0 issue "pki.example"'),
  CAA_ACCOUNTURI: caa('0 issue "letsencrypt.org; accounturi=https://ca.test/acct/2"'),
  CAA_METHOD: caa('0 issue "letsencrypt.org; validationmethods=dns-01"'),
  CAA_CRITICAL: caa('128 tbs "unknown"'),
  CAA_UNANSWERABLE: async (scene) => {
    const claim = await scene.claim();
    claim.makeRecords();
    scene.onEveryServer((server) => server.fault('*', 'servfail', 'CAA'));
    return claim.look();
  },
  CAA_BINDABLE: async (scene) => {
    const claim = await scene.claim();
    claim.makeRecords();
    scene.onEveryServer(({ zone }) => zone.clear(claim.name));
    scene.set(claim.name, 'A', [INGRESS]);
    scene.set(claim.zone, 'CAA', ['0 issue "letsencrypt.org"', '0 issue "pki.example"']);
    await claim.look();
    return claim.hardening();
  },
  SETUP_REPLACES_RECORDS: provided(({ name }) => [[name, 'A', FOREIGN]]),
  SETUP_NOT_APPLIED: provided(() => [], 'published', 'returned'),
  SETUP_CANCELLED: provided(() => [], 'published', 'cancelled'),
  SETUP_REJECTED: provided(() => [], 'published', 'rejected'),
  SETUP_KEY_UNPUBLISHED: provided(() => [], 'unpublished'),
} satisfies Partial<Record<IssueCode, Cause>>;
