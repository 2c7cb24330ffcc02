export interface CaaRecord {
  critical: boolean;
  tag: string;
  value: string;
}

/** The CAA records that decide for a name (RFC 8659 section 3: the relevant record set). */
export interface RelevantCaaSet {
  /** `unanswerable`: a DNS query failed, so nobody can tell. */
  status: 'ok' | 'unanswerable';
  /** The name that holds the records; null: there are none. */
  foundAt: string | null;
  records: CaaRecord[];
}

/** A CA that may issue for us, as CAA records speak of it. */
export interface CaIdentity {
  /** `letsencrypt.org` */
  domain: string;
  /** Our account there; null before it was made. */
  accountUri: string | null;
  /** The challenges that we can answer: `http-01`, `tls-alpn-01`. */
  methods: string[];
}
