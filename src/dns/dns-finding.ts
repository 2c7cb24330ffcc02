import type { DnsAnswer } from './dns-answer.js';
import { valueOf, type DnsReply, type QueryType } from './dns-message.js';

/** What the DNS says about one name and type. */
export interface DnsFinding {
  readonly answer: DnsAnswer<string>;
  /** The CNAME records on the way, in order. */
  readonly chain: readonly string[];
  /** Types of records that stand beside a CNAME at the name itself. */
  readonly siblings: readonly string[];
}

/** What one or several servers say. */
export interface DnsLookup extends DnsFinding {
  readonly disagreement: boolean;
  /** It fails while signatures are checked, and only then. */
  readonly dnssecBogus: boolean;
}

const CHAIN_LINKS_MAX = 16;
const VALUES_MAX = 100;

export function readReply(name: string, type: QueryType, reply: DnsReply): DnsFinding {
  const records = reply.answers.map((answer) => ({
    owner: answer.name.toLowerCase(),
    type: answer.type as string,
    value: valueOf(answer),
    ttlSeconds: 'ttl' in answer ? (answer.ttl ?? null) : null,
  }));
  const at = (owner: string, wanted: string) =>
    records.filter((record) => record.owner === owner && record.type === wanted);

  const chain: string[] = [];
  let last = name;
  for (;;) {
    const next = at(last, 'CNAME')[0]?.value;
    if (next === undefined || next === null || chain.length >= CHAIN_LINKS_MAX) break;
    chain.push(next);
    last = next;
  }
  const siblings = records
    .filter((record) => record.owner === name && !['CNAME', 'RRSIG'].includes(record.type))
    .map((record) => record.type);
  // The alias is the answer to a question for the alias, and the way to it for all others.
  const found = at(type === 'CNAME' ? name : last, type);
  return {
    answer: answerOf(reply, found),
    chain,
    siblings: chain.length > 0 ? [...new Set(siblings)] : [],
  };
}

interface FoundRecord {
  readonly value: string | null;
  readonly ttlSeconds: number | null;
}

function answerOf(reply: DnsReply, found: readonly FoundRecord[]): DnsAnswer<string> {
  const values = found.flatMap(({ value }) => (value === null ? [] : [value]));
  if (values.length > 0) {
    const ttls = found.flatMap(({ ttlSeconds }) => ttlSeconds ?? []);
    return {
      status: 'ok',
      values: [...new Set(values.slice(0, VALUES_MAX))],
      ttlSeconds: ttls.length > 0 ? Math.min(...ttls) : null,
    };
  }
  switch (reply.rcode) {
    case 'NOERROR':
      return { status: 'nodata' };
    case 'NXDOMAIN':
      return { status: 'nxdomain' };
    case 'SERVFAIL':
      return { status: 'servfail' };
    case 'REFUSED':
      return { status: 'refused' };
    default:
      return { status: 'error' };
  }
}
