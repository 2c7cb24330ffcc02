import { foundAnswer, type DnsAnswer } from './dns-answer.js';
import { valueOf, type DnsReply, type QueryType } from './dns-message.js';

/** The records of one name and type. */
export interface DnsFinding {
  readonly answer: DnsAnswer<string>;
  /** The targets of the CNAME records that were followed, in order. */
  readonly chain: readonly string[];
  /** Types of the records beside a CNAME record at the name itself. */
  readonly siblings: readonly string[];
}

export const CHAIN_LINKS_MAX = 16;
const VALUES_MAX = 100;

/** Takes only the records of `name` and of the names that its CNAME records lead to. */
export function readFinding(name: string, type: QueryType, reply: DnsReply): DnsFinding {
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
  // A query of type CNAME is answered by the alias itself; for all other types the alias is followed.
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
  if (values.length > 0)
    return foundAnswer(
      values.slice(0, VALUES_MAX),
      found.map(({ ttlSeconds }) => ttlSeconds),
    );
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
