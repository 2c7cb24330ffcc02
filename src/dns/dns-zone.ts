import { isIPv4, isIPv6 } from 'node:net';
import type { Answer } from 'dns-packet';
import { nameAndAncestors, normalisedName } from './dns-name.js';

export const ZONE_RECORD_TYPES = ['A', 'AAAA', 'CNAME', 'TXT', 'CAA', 'MX', 'NS', 'SOA'] as const;
export type ZoneRecordType = (typeof ZONE_RECORD_TYPES)[number];

/** One record in presentation format. CAA: `0 issue "ca.example"`, MX: `10 mail.example`, SOA: `ns1.example 1`, its server and its serial. */
export interface ZoneRecord {
  /** Lower case, no trailing dot; a wildcard begins with `*.`. */
  readonly name: string;
  readonly type: ZoneRecordType;
  readonly value: string;
  readonly ttlSeconds: number;
}

export interface ZoneAnswer {
  readonly rcode: 'NOERROR' | 'NXDOMAIN';
  readonly answers: readonly Answer[];
}

const TTL_SECONDS = 60;
const CHAIN_LINKS_MAX = 32;
const CAA = /^(\d{1,3}) +([a-z0-9]+) +"([^"]*)"$/i;
const MX = /^(\d{1,5}) +(\S+)$/;
const SOA = /^(\S+) +(\d{1,9})$/;
const SOA_TIMES = { refresh: 3600, retry: 600, expire: 86_400, minimum: 60 } as const;
const NAME = /^(?:\*\.)?[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/;
const STRING_BYTES_MAX = 255;

/**
 * Records in memory for development and tests. It answers as a resolver does: it follows CNAME records, expands
 * wildcards and has empty non-terminals (RFC 4592). Names of one or two labels always exist, so every zone exists.
 */
export class DnsZone {
  readonly #records = new Map<string, ZoneRecord[]>();
  /** Every existing name, ancestors included; null after a change. */
  #existing: Set<string> | null = null;

  /** Replaces all records of that name and type. Throws Error on an invalid name or value. */
  set(
    name: string,
    type: ZoneRecordType,
    values: readonly string[],
    ttlSeconds = TTL_SECONDS,
  ): void {
    const owner = normalisedName(name);
    if (!NAME.test(owner)) throw new Error(`not a DNS name: ${name}`);
    for (const value of values) requireValue(type, value);
    const others = (this.#records.get(owner) ?? []).filter((record) => record.type !== type);
    const added = values.map((value) => ({ name: owner, type, value, ttlSeconds }));
    this.#replace(owner, [...others, ...added]);
  }

  /** Removes the records of that name, or those of one type. */
  clear(name: string, type?: ZoneRecordType): void {
    const owner = normalisedName(name);
    const kept = (this.#records.get(owner) ?? []).filter(
      (record) => type !== undefined && record.type !== type,
    );
    this.#replace(owner, kept);
  }

  /** All records, by name. */
  list(): ZoneRecord[] {
    const records = [...this.#records.values()].flat();
    return records.toSorted((one, other) => one.name.localeCompare(other.name));
  }

  answer(name: string, type: string): ZoneAnswer {
    const answers: Answer[] = [];
    let at = normalisedName(name);
    for (let links = 0; links < CHAIN_LINKS_MAX; links += 1) {
      const owner = at;
      const here = this.#recordsAt(owner);
      if (here === null) return { rcode: 'NXDOMAIN', answers };
      const alias = here.find((record) => record.type === 'CNAME');
      const found = here.filter((record) => record.type === type || record === alias);
      answers.push(...found.map((record) => toAnswer(owner, record)));
      if (alias === undefined || type === 'CNAME') break;
      at = normalisedName(alias.value);
    }
    return { rcode: 'NOERROR', answers };
  }

  #replace(owner: string, records: ZoneRecord[]): void {
    this.#existing = null;
    if (records.length === 0) this.#records.delete(owner);
    else this.#records.set(owner, records);
  }

  /** Null if the name does not exist. */
  #recordsAt(name: string): readonly ZoneRecord[] | null {
    const own = this.#records.get(name);
    if (own !== undefined) return own;
    if (this.#exists(name)) return [];
    // RFC 4592 section 3.3.1: only the wildcard below the closest encloser applies.
    let encloser = parentOf(name);
    while (!this.#exists(encloser)) encloser = parentOf(encloser);
    return this.#records.get(`*.${encloser}`) ?? null;
  }

  #exists(name: string): boolean {
    this.#existing ??= new Set([...this.#records.keys()].flatMap(nameAndAncestors));
    return name.split('.').length <= 2 || this.#existing.has(name);
  }
}

function parentOf(name: string): string {
  return name.slice(name.indexOf('.') + 1);
}

function requireValue(type: ZoneRecordType, value: string): void {
  const isValid = {
    A: isIPv4,
    AAAA: isIPv6,
    CNAME: isName,
    NS: isName,
    MX: (text: string) => isName(MX.exec(text)?.[2] ?? ''),
    SOA: (text: string) => isName(SOA.exec(text)?.[1] ?? ''),
    TXT: (text: string) => text.length > 0,
    CAA: (text: string) => CAA.test(text),
  }[type](value);
  if (!isValid) throw new Error(`not the value of a ${type} record: ${value}`);
}

function isName(text: string): boolean {
  return NAME.test(normalisedName(text));
}

function toAnswer(owner: string, { type, value, ttlSeconds }: ZoneRecord): Answer {
  const base = { name: owner, ttl: ttlSeconds };
  switch (type) {
    case 'TXT':
      return { ...base, type, data: split(Buffer.from(value)) };
    case 'CAA': {
      const [, flags, tag, text = ''] = CAA.exec(value) ?? [];
      // The type of dns-packet has three tags; its encoder accepts any.
      return { ...base, type, data: { flags: Number(flags), tag: tag as 'issue', value: text } };
    }
    case 'MX': {
      const [, preference, exchange = ''] = MX.exec(value) ?? [];
      const data = { preference: Number(preference), exchange: normalisedName(exchange) };
      return { ...base, type, data };
    }
    case 'SOA': {
      const [, server = '', serial] = SOA.exec(value) ?? [];
      const names = { mname: normalisedName(server), rname: `hostmaster.${owner}` };
      return { ...base, type, data: { ...names, serial: Number(serial), ...SOA_TIMES } };
    }
    case 'CNAME':
    case 'NS':
      return { ...base, type, data: normalisedName(value) };
    case 'A':
    case 'AAAA':
      return { ...base, type, data: value };
  }
}

/** RFC 1035 section 3.3: each string of a TXT record has at most 255 bytes. */
function split(bytes: Buffer): Buffer[] {
  const count = Math.ceil(bytes.length / STRING_BYTES_MAX);
  return Array.from({ length: count }, (_, index) =>
    bytes.subarray(index * STRING_BYTES_MAX, (index + 1) * STRING_BYTES_MAX),
  );
}
