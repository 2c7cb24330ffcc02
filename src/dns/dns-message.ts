import { randomInt } from 'node:crypto';
import packet, { type Answer, type CaaData, type DecodedPacket } from 'dns-packet';
import type { CaaRecord } from './caa-record.js';

export type QueryType = 'A' | 'AAAA' | 'CNAME' | 'TXT' | 'CAA';

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

/** What one server said, before anything is concluded. */
export interface DnsReply {
  readonly rcode: string;
  readonly isTruncated: boolean;
  /** The server follows CNAMEs for us. */
  readonly isRecursive: boolean;
  readonly answers: readonly Answer[];
}

const RECORDS_MAX = 300;
const VALUE_LENGTH_MAX = 4096;
// Bit 7 is the critical one by RFC 8659; so many wrote 1 instead that CAs take it for the same.
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

/** Null for what is no answer to this query: another id, another question, or not a DNS message at all. */
export function decodeReply(
  bytes: Buffer,
  query: DnsQuery,
  question: DnsQuestion,
): DnsReply | null {
  const decoded = tryDecode(bytes);
  if (decoded === null || !decoded.flag_qr || decoded.id !== query.id) return null;
  const [asked] = decoded.questions ?? [];
  // Some servers leave the question out of an error.
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

/** The library's types leave the response code out. */
type Decoded = DecodedPacket & { rcode: string };

function tryDecode(bytes: Buffer): Decoded | null {
  try {
    return packet.decode(bytes) as Decoded;
  } catch {
    return null;
  }
}

/** Names and addresses as text, lower-case; TXT strings joined; CAA as JSON, which readCaa() takes apart. */
export function valueOf(answer: Answer): string | null {
  if (answer.type === 'A' || answer.type === 'AAAA') return answer.data;
  if (answer.type === 'CNAME') return answer.data.toLowerCase();
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

/** A value of a CAA answer. */
export function readCaa(value: string): CaaRecord {
  return JSON.parse(value) as CaaRecord;
}
