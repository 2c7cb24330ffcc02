import { randomInt } from 'node:crypto';
import packet, { type Answer, type CaaData, type DecodedPacket } from 'dns-packet';
import type { CaaRecord } from './caa-record.js';

export type QueryType = 'A' | 'AAAA' | 'CNAME' | 'TXT' | 'CAA' | 'MX' | 'NS' | 'SOA';

export interface DnsQuestion {
  /** Lower case, no trailing dot. */
  readonly name: string;
  readonly type: QueryType;
  /** Ask the resolver not to check DNSSEC signatures. */
  readonly checkingDisabled: boolean;
}

export interface DnsQuery {
  readonly id: number;
  readonly bytes: Buffer;
}

/** The response of one server, decoded. */
export interface DnsReply {
  readonly rcode: string;
  readonly isTruncated: boolean;
  /** The server is a resolver: it follows CNAME records. */
  readonly isRecursive: boolean;
  readonly answers: readonly Answer[];
}

const RECORDS_MAX = 300;
const VALUE_LENGTH_MAX = 4096;
// RFC 8659 section 4.1: the critical flag is 128. CAs accept 1 as well, because many records have it by mistake.
const CRITICAL_FLAGS = 0x81;

export function encodeQuery(question: DnsQuestion): DnsQuery {
  const id = randomInt(0x1_0000);
  const checking = question.checkingDisabled ? packet.CHECKING_DISABLED : 0;
  const bytes = packet.encode({
    type: 'query',
    id,
    flags: packet.RECURSION_DESIRED | checking,
    questions: [{ name: question.name, type: question.type }],
  });
  return { id, bytes };
}

/** Null if the bytes do not answer this query: another id, another question, or no DNS message. */
export function decodeReply(
  bytes: Buffer,
  query: DnsQuery,
  question: DnsQuestion,
): DnsReply | null {
  const decoded = decodeMessage(bytes);
  if (decoded === null || !decoded.flag_qr || decoded.id !== query.id) return null;
  const [asked] = decoded.questions ?? [];
  // Some servers omit the question from an error response.
  const isSame =
    asked === undefined
      ? decoded.rcode !== 'NOERROR'
      : asked.name.toLowerCase() === question.name && asked.type === question.type;
  if (!isSame) return null;
  return {
    rcode: decoded.rcode,
    isTruncated: decoded.flag_tc,
    isRecursive: decoded.flag_ra,
    answers: (decoded.answers ?? []).slice(0, RECORDS_MAX),
  };
}

/** The types of dns-packet lack the response code. */
type DnsMessage = DecodedPacket & { rcode: string };

/** Null for bytes that are no DNS message. */
export function decodeMessage(bytes: Buffer): DnsMessage | null {
  try {
    return packet.decode(bytes) as DnsMessage;
  } catch {
    return null;
  }
}

/** Addresses and lower-case names as text, `10 mail.example.com` for MX, the primary server and the serial for SOA, the strings of a TXT record joined, CAA as JSON for readCaa(). */
export function valueOf(answer: Answer): string | null {
  if (answer.type === 'A' || answer.type === 'AAAA') return answer.data;
  if (answer.type === 'CNAME' || answer.type === 'NS') return answer.data.toLowerCase();
  if (answer.type === 'MX') {
    return `${answer.data.preference ?? 0} ${answer.data.exchange.toLowerCase()}`;
  }
  if (answer.type === 'SOA') {
    return `${answer.data.mname.toLowerCase()} ${answer.data.serial ?? 0}`;
  }
  if (answer.type === 'TXT') {
    return [answer.data].flat().map(String).join('').slice(0, VALUE_LENGTH_MAX);
  }
  return answer.type === 'CAA' ? caaText(answer.data) : null;
}

function caaText({ flags = 0, tag, value }: CaaData): string {
  const critical = (flags & CRITICAL_FLAGS) !== 0;
  const record: CaaRecord = { critical, tag, value: value.slice(0, VALUE_LENGTH_MAX) };
  return JSON.stringify(record);
}

/** Parses a value of an answer to a CAA query. */
export function readCaa(value: string): CaaRecord {
  return JSON.parse(value) as CaaRecord;
}
