export interface CaaRecord {
  critical: boolean;
  tag: string;
  value: string;
}

/** As a zone file or a DNS panel shows it: `0 issue "letsencrypt.org"`. */
export function formatCaa(record: CaaRecord): string {
  return `${record.critical ? 128 : 0} ${record.tag} "${record.value}"`;
}

/** The relevant resource record set of a name (RFC 8659 section 3). */
export interface RelevantCaaSet {
  /** `unanswerable`: a DNS query failed. */
  status: 'ok' | 'unanswerable';
  /** The name that has the records; null if there are none. */
  foundAt: string | null;
  records: CaaRecord[];
}

/** A CA that may issue for us, in the terms of CAA records. */
export interface CaIdentity {
  /** `letsencrypt.org` */
  domain: string;
  /** Our ACME account there; null before it is created. */
  accountUri: string | null;
  /** The ACME challenge types that we can answer: `http-01`, `tls-alpn-01`, `dns-01`. */
  methods: string[];
}
