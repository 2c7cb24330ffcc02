/** What was asked, as far as it could be read. */
export interface AuthoritativeQuery {
  readonly id: number;
  readonly opcode: number;
  readonly isRecursionDesired: boolean;
  /** Null: the message has no question that can be answered. */
  readonly question: AuthoritativeQuestion | null;
  /** Null: the client does not know EDNS (RFC 6891). */
  readonly edns: Edns | null;
}

export interface AuthoritativeQuestion {
  /** Name, type and class as they came. The answer repeats them byte for byte: resolvers mix the case against forgery. */
  readonly bytes: Buffer;
  /** In the case in which it was asked, without trailing dot. A byte that no host name has is `\` and its number. */
  readonly name: string;
  readonly type: number;
  readonly class: number;
}

interface Edns {
  readonly version: number;
  readonly payloadSize: number;
  readonly isDnssecWanted: boolean;
}

const HEADER_BYTES = 12;
/** Of the sections behind the question: a query has one OPT record, and with IXFR a SOA record. */
const RECORDS_MAX = 4;
const NAME_BYTES_MAX = 255;
const LABEL_BYTES_MAX = 63;
const POINTER = 0xc0;
const TYPE_OPT = 41;
const DNSSEC_OK = 0x8000;
const RESPONSE = 0x8000;
const RECURSION_DESIRED = 0x0100;

/**
 * Reads a query. Null for what is never answered: a response, or less than a header. Of the records behind the question
 * only OPT is read, because a message may announce many more than it has. Never throws.
 */
export function readQuery(message: Buffer): AuthoritativeQuery | null {
  if (message.length < HEADER_BYTES) return null;
  const flags = message.readUInt16BE(2);
  if ((flags & RESPONSE) !== 0) return null;
  const head = {
    id: message.readUInt16BE(0),
    opcode: (flags >> 11) & 0xf,
    isRecursionDesired: (flags & RECURSION_DESIRED) !== 0,
  };
  try {
    return { ...head, ...readSections(message) };
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return { ...head, question: null, edns: null };
  }
}

class Malformed extends Error {}

function readSections(message: Buffer): Pick<AuthoritativeQuery, 'question' | 'edns'> {
  const [questions, answers, authorities, additionals] = [4, 6, 8, 10].map((at) =>
    message.readUInt16BE(at),
  ) as [number, number, number, number];
  if (questions !== 1 || answers + authorities + additionals > RECORDS_MAX) throw new Malformed();
  const question = readQuestion(message);
  let at = HEADER_BYTES + question.bytes.length;
  let edns: Edns | null = null;
  for (let left = answers + authorities + additionals; left > 0; left -= 1) {
    const start = at;
    at = skipName(message, at);
    const type = uint16(message, at);
    if (type === TYPE_OPT) {
      // RFC 6891 section 6.1.1: one, at the root, among the additional records.
      if (edns !== null || message[start] !== 0 || left > additionals) throw new Malformed();
      edns = {
        version: uint8(message, at + 5),
        payloadSize: uint16(message, at + 2),
        isDnssecWanted: (uint16(message, at + 6) & DNSSEC_OK) !== 0,
      };
    }
    at += 10 + uint16(message, at + 8);
    if (at > message.length) throw new Malformed();
  }
  return { question, edns };
}

function readQuestion(message: Buffer): AuthoritativeQuestion {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let length = uint8(message, at); length > 0; length = uint8(message, at)) {
    const end = at + 1 + length;
    // The first name of a message has nothing to point at.
    if (length > LABEL_BYTES_MAX || end - HEADER_BYTES >= NAME_BYTES_MAX) throw new Malformed();
    uint8(message, end);
    labels.push(textOf(message.toString('latin1', at + 1, end)));
    at = end;
  }
  const type = uint16(message, at + 1);
  const bytes = message.subarray(HEADER_BYTES, at + 5);
  return { bytes, name: labels.join('.'), type, class: uint16(message, at + 3) };
}

/** A dot within a label is none between two. */
function textOf(label: string): string {
  return label.replace(/[^A-Za-z0-9_-]/g, (character) => `\\${character.charCodeAt(0)}`);
}

/** Where the name ends that begins at `at`. */
function skipName(message: Buffer, at: number): number {
  let end = at;
  for (;;) {
    const length = uint8(message, end);
    if (length === 0) return end + 1;
    if ((length & POINTER) === POINTER) return end + 2;
    if (length > LABEL_BYTES_MAX || end - at > NAME_BYTES_MAX) throw new Malformed();
    end += 1 + length;
  }
}

function uint8(message: Buffer, at: number): number {
  const value = message[at];
  if (value === undefined) throw new Malformed();
  return value;
}

function uint16(message: Buffer, at: number): number {
  return (uint8(message, at) << 8) | uint8(message, at + 1);
}
