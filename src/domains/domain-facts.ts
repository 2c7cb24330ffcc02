import type { CaIdentity, RelevantCaaSet } from '../dns/caa-record.js';
import type { DnsAnswer } from '../dns/dns-answer.js';

/** The records that a claim asks for, and what our region's own zone looks like. */
export interface ExpectedRecords {
  /** The claim's own CNAME target. */
  target: string;
  ingressAddresses: string[];
  /** `eu.ingress.BASE` */
  ingressSuffix: string;
  otherIngressSuffixes: string[];
  challengeName: string;
  challengeValue: string;
  /** Released or lost by another account lately: the TXT record alone does not do. */
  needsCnameProof: boolean;
}

/** What to look at, and what would be right. */
export interface ObservationRequest {
  readonly hostname: string;
  /** The registrable domain. */
  readonly zone: string;
  readonly relativeName: string;
  readonly isApex: boolean;
  readonly expected: ExpectedRecords;
  readonly cas: readonly CaIdentity[];
}

/** How a request over plain HTTP to the name was answered. */
export interface ProbeFacts {
  status:
    | 'not_tried'
    | 'ours'
    | 'other_region'
    | 'timeout'
    | 'refused'
    | 'unreachable'
    | 'private_address'
    | 'redirected'
    | 'redirect_loop'
    | 'redirect_bad_port'
    | 'http_error'
    | 'html';
  address: string | null;
  httpStatus: number | null;
  /** Where a redirect leads. */
  location: string | null;
  /** The `Server` header. */
  server: string | null;
  /** Whether it took a redirect to HTTPS on the same name to get there. */
  viaHttps: boolean;
}

export interface CertificateProblem {
  /** An ACME problem's type, or one of our own that ends in the same way: `urn:onetime:error:keyMismatch`. */
  type: string;
  status: number;
  detail: string;
  subproblems: { type: string; detail: string }[];
}

export interface CertificateFacts {
  state: string;
  heldBy: string;
  nextAt: string | null;
  problem: CertificateProblem | null;
  notAfter: string | null;
  renewAt: string | null;
  source: string;
}

/** Everything that was observed about a custom domain at one moment. Plain JSON: it is stored as it is. */
export interface DomainFacts {
  hostname: string;
  /** The registrable domain, which is what a DNS panel calls the zone. */
  zone: string;
  relativeName: string;
  isApex: boolean;
  /** ISO 8601 */
  observedAt: string;
  expected: ExpectedRecords;
  a: DnsAnswer<string>;
  aaaa: DnsAnswer<string>;
  /** The whole chain, in order. */
  cname: DnsAnswer<string>;
  /** Types of other records beside the CNAME, which the DNS does not allow. */
  cnameSiblings: string[];
  /** At the challenge name, quotes kept as seen. */
  txt: DnsAnswer<string>;
  /** At the challenge name with the zone appended once more. */
  txtDoubled: DnsAnswer<string>;
  txtAtName: DnsAnswer<string>;
  caa: RelevantCaaSet;
  cas: CaIdentity[];
  zoneStatus: 'exists' | 'nxdomain' | 'unknown';
  /** The name is answered by a wildcard record, not by one of its own. */
  wildcard: boolean;
  /** Servers answered differently. */
  disagreement: boolean;
  /** The answer fails only as long as signatures are checked. */
  dnssecBogus: boolean;
  /** Ours against the CA's; null: not known. */
  clockSkewSeconds: number | null;
  probe: ProbeFacts;
  /** Another account has proven the name. */
  conflict: boolean;
  ownership: { state: string; provenAt: string | null; missingSince: string | null };
  certificate: CertificateFacts | null;
}

/** Without what the database knows: the DNS's and the network's part. */
export type ObservedFacts = Omit<DomainFacts, 'conflict' | 'ownership' | 'certificate'>;
