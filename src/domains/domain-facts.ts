import type { CaIdentity, RelevantCaaSet } from '../dns/caa-record.js';
import type { DelegationState } from './delegation.js';
import type { DnsAnswer } from '../dns/dns-answer.js';
import type { SetupFacts } from './domain-setup.js';

/** The records of a claim as they should be, and the addresses and names of our region's zone. */
export interface ExpectedRecords {
  /** The claim's own CNAME target. */
  target: string;
  ingressAddresses: string[];
  /** `eu.ingress.BASE` */
  ingressSuffix: string;
  otherIngressSuffixes: string[];
  /** The hosts of the service itself that answer for this region: `eu.BASE` and `BASE`. */
  ownHosts: string[];
  /** The hosts of the other regions. */
  otherHosts: string[];
  challengeName: string;
  challengeValue: string;
  /** Another account released or lost the name lately: the TXT record alone does not prove it. */
  needsCnameProof: boolean;
  /** The CNAME record by which the region can get certificates before the name leads here. */
  delegation: ExpectedDelegation;
}

export interface ExpectedDelegation {
  /** `_acme-challenge.<hostname>` */
  name: string;
  /** The claim's own name below the region's zone for challenges. */
  target: string;
  /** False: the region has no name server for that zone, or the world does not reach it. Nothing is looked up then. */
  isOffered: boolean;
}

/** What to observe, and the expected result. */
export interface ObservationRequest {
  readonly hostname: string;
  /** The registrable domain, which a DNS panel calls the zone. */
  readonly zone: string;
  /** Relative to the zone; `@` for its apex. */
  readonly relativeName: string;
  readonly isApex: boolean;
  /** The other name of the pair; null where the name belongs to none. */
  readonly pairName: string | null;
  readonly expected: ExpectedRecords;
  readonly cas: readonly CaIdentity[];
}

/** What stands at `_acme-challenge`. */
export interface AcmeChallengeFacts {
  /** The targets of the CNAME records, in order. */
  readonly cname: DnsAnswer<string>;
  /** Of the name itself; unasked where an alias stands. */
  readonly txt: DnsAnswer<string>;
  /** A wildcard record answers there, which has no record of its own. */
  readonly wildcard: boolean;
  /** Another name at which the CNAME record was found; null: at none. */
  readonly foundAt: string | null;
}

export const ACME_CHALLENGE_UNASKED: AcmeChallengeFacts = {
  cname: { status: 'unasked' },
  txt: { status: 'unasked' },
  wildcard: false,
  foundAt: null,
};

/** The response to a plain HTTP request at the name. */
export interface ProbeFacts {
  readonly status:
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
  readonly address: string | null;
  readonly httpStatus: number | null;
  /** The target of a redirect. */
  readonly location: string | null;
  /** The `Server` header. */
  readonly server: string | null;
  /** The probe followed a redirect to HTTPS on the same name. */
  readonly viaHttps: boolean;
}

export const NOT_PROBED: ProbeFacts = {
  status: 'not_tried',
  address: null,
  httpStatus: null,
  location: null,
  server: null,
  viaHttps: false,
};

export interface CertificateProblem {
  /** An ACME error's URN, or one of ours: see problemKind(). */
  type: string;
  status: number;
  detail: string;
  subproblems: { type: string; detail: string }[];
  /** The CA refuses our account, so nothing about the name would mend it. */
  isAboutAccount?: boolean;
}

export interface CertificateFacts {
  state: string;
  heldBy: string;
  nextAt: string | null;
  problem: CertificateProblem | null;
  notAfter: string | null;
  renewAt: string | null;
  source: string;
  /** False: the current certificate cannot be served, since its private key does not open. */
  isKeyReadable: boolean;
  /** By the database's clock. */
  asOf: string;
}

/** Everything known about a custom domain at one moment, as plain JSON. */
export interface DomainFacts extends ObservationRequest {
  /** ISO 8601 */
  observedAt: string;
  a: DnsAnswer<string>;
  aaaa: DnsAnswer<string>;
  /** The targets of all CNAME records of the chain, in order. */
  cname: DnsAnswer<string>;
  /** The chain by each server that answered; empty if all answers are the same. */
  cnameByServer: string[][];
  /** Where the chain goes on, one CNAME look-up after the other; only if the addresses could not be looked up. */
  cnameFollowed: string[];
  /** Other names that lead to the claim's target; at an apex, to an address of the region. */
  routingFoundAt: string[];
  /** Types of the records beside the CNAME record, which DNS does not allow. */
  cnameSiblings: string[];
  /** At the challenge name, quotation marks kept. */
  txt: DnsAnswer<string>;
  /** The values by each server that answered; empty if all answers are the same. */
  txtByServer: string[][];
  /** The CNAME records that were followed from the challenge name. */
  txtChain: string[];
  /** A wildcard record answers at the challenge name, which has no record of its own. */
  txtWildcard: boolean;
  /** Other names at which the value of the challenge was found. */
  txtFoundAt: string[];
  /** At the challenge name with the zone appended once more. */
  txtDoubled: DnsAnswer<string>;
  txtAtName: DnsAnswer<string>;
  mx: DnsAnswer<string>;
  /** Types of the name's own records beside which no CNAME record can be made: MX, TXT. */
  ownTypes: string[];
  /** The name servers of the zone that has the name; empty if unknown, or if nothing is missing. */
  nameServers: string[];
  /** That zone: the registrable domain, or a part of it that has name servers of its own; null if unknown. */
  nameServersOf: string | null;
  caa: RelevantCaaSet;
  /** The addresses of the other name of the pair: of `www` at an apex, of the apex at its `www`. Not asked for elsewhere. */
  pairAddresses: DnsAnswer<string>;
  /** The CNAME records that were followed from there. */
  pairChain: string[];
  zoneStatus: 'exists' | 'nxdomain' | 'unknown';
  /** A wildcard record answers for the name, which has no record of its own. */
  wildcard: boolean;
  /** Servers answered differently. */
  disagreement: boolean;
  /** The lookup fails only while DNSSEC signatures are checked. */
  dnssecBogus: boolean;
  /** Our clock minus the clock of the CA; null if unknown. */
  clockSkewSeconds: number | null;
  probe: ProbeFacts;
  acmeChallenge: AcmeChallengeFacts;
  /** TXT at `_validation-persist.` + the name; asked for only where a CA offers dns-persist-01 and it is on. */
  persist: DnsAnswer<string>;
  /** By the last check that could tell. */
  delegation: {
    state: DelegationState;
    /** The name led here at the last check. */
    isPointed: boolean;
    /** When certificates by the delegation alone end; null: the name is not proven. */
    windowEndsAt: string | null;
  };
  /** Another account has proven the name. */
  conflict: boolean;
  ownership: { state: string; provenAt: string | null; missingSince: string | null };
  certificate: CertificateFacts | null;
  /** The operator has blocked the name. */
  blocked: { since: string; reason: string } | null;
  /** Whether the DNS provider can make the records; null: unknown, or Domain Connect is off. */
  setup: SetupFacts | null;
  /** The account has a claim to the other name of the pair. */
  isPairClaimed: boolean;
  /** A configured CA is not among `cas`: whoever restricts CAs forbids it. */
  hasUnnamedCa?: boolean;
}

/** The part that comes from DNS and the network, not from the database. It is stored with the claim. */
export type ObservedFacts = Omit<
  DomainFacts,
  | 'conflict'
  | 'delegation'
  | 'ownership'
  | 'certificate'
  | 'blocked'
  | 'setup'
  | 'isPairClaimed'
  | 'hasUnnamedCa'
>;
