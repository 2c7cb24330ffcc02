import packet, { type Answer } from 'dns-packet';
import type { AuthoritativeQuery, AuthoritativeQuestion } from './authoritative-query.js';
import type { DnsTransport } from './dns-server.js';

/** A zone in which only challenge values are published: `acme.eu.onetime.example`. */
export interface AuthoritativeZone {
  /** Lower case, no trailing dot. */
  readonly name: string;
  /** Names outside of the zone. */
  readonly nameServers: readonly [string, ...string[]];
  /** Who answers for the zone: `hostmaster.onetime.example`, the address with a dot for its `@`. */
  readonly contact: string;
}

export type Rcode = keyof typeof RCODES;

/** What a question asks for. `values` and `proof` are TXT records that are not known here. */
export type AuthoritativeLookup<Zone extends AuthoritativeZone> =
  | {
      readonly kind: 'settled';
      readonly zone: Zone | null;
      readonly answer: AuthoritativeAnswer;
    }
  /** `label` in lower case. */
  | { readonly kind: 'values'; readonly zone: Zone; readonly label: string }
  | { readonly kind: 'proof'; readonly zone: Zone; readonly nonce: string };

export interface AuthoritativeAnswer {
  readonly rcode: Rcode;
  readonly answers?: readonly Answer[];
  /** Also without an answer. RFC 2308: a negative answer carries the zone's SOA record. */
  readonly authorities?: readonly Answer[];
  readonly isAuthoritative?: boolean;
  readonly isTruncated?: boolean;
}

const RCODES = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
  BADVERS: 16,
} as const;

const TYPES = { NS: 2, SOA: 6, TXT: 16, IXFR: 251, AXFR: 252 } as const;
const CLASS_IN = 1;
const OPCODE_QUERY = 0;

const LABEL = /^[a-z0-9]{16}$/;
const PROBE = /^_probe-([0-9a-f]{32})$/;
const VALUES_MAX = 8;
/** Seconds. A resolver asks again for the next challenge at the same name. */
const TTL = 1;
const TTL_NAME_SERVERS = 300;
/** Serial, refresh, retry and expiry are for secondary servers, which this zone has none of. */
const SOA_TIMES = { serial: 1, refresh: 3600, retry: 600, expire: 604_800, minimum: TTL };

const DATAGRAM_BYTES = 512;
/** Fits into every path without fragments (DNS flag day 2020). */
const EDNS_BYTES = 1232;
const STREAM_BYTES = 65_535;
const HEADER_BYTES = 12;
const DNSSEC_OK = 0x8000;

const FORMERR: AuthoritativeAnswer = { rcode: 'FORMERR' };
const NOTIMP: AuthoritativeAnswer = { rcode: 'NOTIMP' };
const REFUSED: AuthoritativeAnswer = { rcode: 'REFUSED' };
const BADVERS: AuthoritativeAnswer = { rcode: 'BADVERS' };
/** Never NODATA while it is not known: resolvers and CAs would take that for an answer. */
export const SERVFAIL: AuthoritativeAnswer = { rcode: 'SERVFAIL' };

/** What the query asks of these zones. Pure; every query has an answer. */
export function lookUp<Zone extends AuthoritativeZone>(
  { opcode, question, edns }: AuthoritativeQuery,
  zones: readonly Zone[],
): AuthoritativeLookup<Zone> {
  if (opcode !== OPCODE_QUERY) return outside(NOTIMP);
  if (question === null) return outside(FORMERR);
  if (edns !== null && edns.version > 0) return outside(BADVERS);
  const isTransfer = question.type === TYPES.AXFR || question.type === TYPES.IXFR;
  if (question.class !== CLASS_IN || isTransfer) return outside(REFUSED);
  const name = question.name.toLowerCase();
  const zone = zones.find((each) => name === each.name || name.endsWith(`.${each.name}`));
  if (zone === undefined) return outside(REFUSED);
  return name === zone.name
    ? settled(zone, apexAnswer(question, zone))
    : lookUpBelow(name.slice(0, -zone.name.length - 1), question, zone);
}

/** A name of the right form exists, whether somebody has it or not: a resolver that minimises asks for other types first. */
function lookUpBelow<Zone extends AuthoritativeZone>(
  relative: string,
  question: AuthoritativeQuestion,
  zone: Zone,
): AuthoritativeLookup<Zone> {
  const nonce = PROBE.exec(relative)?.[1];
  if (!LABEL.test(relative) && nonce === undefined)
    return settled(zone, { ...negative(question, zone), rcode: 'NXDOMAIN' });
  if (question.type !== TYPES.TXT) return settled(zone, negative(question, zone));
  return nonce === undefined
    ? { kind: 'values', zone, label: relative }
    : { kind: 'proof', zone, nonce };
}

/** The TXT records at the name, one character-string each; without a value that there are none. */
export function textAnswer(
  question: AuthoritativeQuestion,
  zone: AuthoritativeZone,
  values: readonly string[],
): AuthoritativeAnswer {
  if (values.length === 0) return negative(question, zone);
  const answers = values
    .slice(0, VALUES_MAX)
    .map((value): Answer => ({ type: 'TXT', name: question.name, ttl: TTL, data: [value] }));
  return { rcode: 'NOERROR', isAuthoritative: true, answers };
}

/** Asks the client to come by TCP, which shows that it is where it says. */
export function truncatedAnswer(): AuthoritativeAnswer {
  return { rcode: 'NOERROR', isAuthoritative: true, isTruncated: true };
}

/** The message: never more than the client can take; what does not fit is left out, with TC set. */
export function encodeAnswer(
  query: AuthoritativeQuery,
  answer: AuthoritativeAnswer,
  transport: DnsTransport,
): Buffer {
  const whole = encode(query, answer);
  if (whole.length <= sizeFor(query, transport)) return whole;
  return encode(query, { ...answer, answers: [], authorities: [], isTruncated: true });
}

/** Of no zone of ours, or of none that could be read. */
function outside(answer: AuthoritativeAnswer): {
  readonly kind: 'settled';
  readonly zone: null;
  readonly answer: AuthoritativeAnswer;
} {
  return { kind: 'settled', zone: null, answer };
}

function settled<Zone extends AuthoritativeZone>(
  zone: Zone,
  answer: AuthoritativeAnswer,
): AuthoritativeLookup<Zone> {
  return { kind: 'settled', zone, answer };
}

function apexAnswer(question: AuthoritativeQuestion, zone: AuthoritativeZone): AuthoritativeAnswer {
  if (question.type === TYPES.SOA)
    return { rcode: 'NOERROR', isAuthoritative: true, answers: [soaOf(question, zone)] };
  if (question.type !== TYPES.NS) return negative(question, zone);
  const answers = zone.nameServers.map((data): Answer => ({
    type: 'NS',
    name: question.name,
    ttl: TTL_NAME_SERVERS,
    data,
  }));
  return { rcode: 'NOERROR', isAuthoritative: true, answers };
}

function negative(question: AuthoritativeQuestion, zone: AuthoritativeZone): AuthoritativeAnswer {
  return { rcode: 'NOERROR', isAuthoritative: true, authorities: [soaOf(question, zone)] };
}

/** A negative answer lives for the smaller of the record's TTL and its minimum. */
function soaOf({ name }: AuthoritativeQuestion, zone: AuthoritativeZone): Answer {
  const data = { mname: zone.nameServers[0], rname: zone.contact, ...SOA_TIMES };
  return { type: 'SOA', name: name.slice(-zone.name.length), ttl: TTL, data };
}

function sizeFor({ edns }: AuthoritativeQuery, transport: DnsTransport): number {
  if (transport === 'tcp') return STREAM_BYTES;
  if (edns === null) return DATAGRAM_BYTES;
  return Math.min(Math.max(edns.payloadSize, DATAGRAM_BYTES), EDNS_BYTES);
}

function encode(query: AuthoritativeQuery, answer: AuthoritativeAnswer): Buffer {
  const { rcode, answers = [], authorities = [], isAuthoritative, isTruncated } = answer;
  const { edns, question } = query;
  const code = RCODES[rcode];
  const additionals: Answer[] = [];
  if (edns !== null) {
    const flags = edns.isDnssecWanted ? DNSSEC_OK : 0;
    const common = { udpPayloadSize: EDNS_BYTES, extendedRcode: code >> 4, ednsVersion: 0 };
    additionals.push({ ...common, type: 'OPT', name: '.', flags, flag_do: false, options: [] });
  }
  const rest = packet.encode({
    type: 'response',
    id: query.id,
    flags:
      (query.opcode << 11) |
      (isAuthoritative === true ? packet.AUTHORITATIVE_ANSWER : 0) |
      (isTruncated === true ? packet.TRUNCATED_RESPONSE : 0) |
      (query.isRecursionDesired ? packet.RECURSION_DESIRED : 0) |
      (code & 0xf),
    answers: [...answers],
    authorities: [...authorities],
    additionals,
  });
  if (question === null) return rest;
  // The encoder would write a name of its own. No record points into the message, so that it can be put in.
  rest.writeUInt16BE(1, 4);
  return Buffer.concat([
    rest.subarray(0, HEADER_BYTES),
    question.bytes,
    rest.subarray(HEADER_BYTES),
  ]);
}
