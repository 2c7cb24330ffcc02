import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { CA_LIMITS, certificatesPerName, type CaLimit, type CaLimitName } from './ca-limits.js';

export interface LedgerName {
  readonly hostname: string;
  readonly registrableDomain: string;
  readonly isRenewal: boolean;
  /** Of the present certificate; null: there is none. */
  readonly lifetimeSeconds: number | null;
}

/** How much of a limit is used up. */
export interface Headroom {
  readonly limit: CaLimitName;
  readonly used: number;
  readonly count: number;
  readonly periodSeconds: number;
  /** In how many seconds there is room again; 0: now. */
  readonly retryAfterSeconds: number;
}

type EntryKind = 'order' | 'certificate' | 'failed_authorization';

/** What one limit counts. Null: whatever is there. */
interface Question extends CaLimit {
  readonly limit: CaLimitName;
  readonly kind: EntryKind;
  readonly ca: string | null;
  readonly hostname: string | null;
  readonly domain: string | null;
  readonly firstsOnly: boolean;
}

// There is room when the oldest of the last `count` has left the period.
const COUNT = `
  select l.limit, count(entry.at)::int as used, l.count, l."periodSeconds"::float8 as "periodSeconds",
    case when count(entry.at) < l.count then 0 else greatest(1, ceil(extract(epoch from
      min(entry.at) filter (where entry.place <= l.count)
        + make_interval(secs => l."periodSeconds") - now())))::int
    end as "retryAfterSeconds"
  from jsonb_to_recordset($1::jsonb) as l("limit" text, count int, "periodSeconds" float8, kind text,
    ca text, hostname text, domain text, "firstsOnly" boolean)
  left join lateral (
    select at, row_number() over (order by at desc) as place from ca_ledger e
    where e.kind = l.kind and e.at > now() - make_interval(secs => l."periodSeconds")
      and (l.ca is null or e.ca = l.ca)
      and (l.hostname is null or e.hostname = l.hostname)
      and (l.domain is null or e.registrable_domain = l.domain)
      and not (l."firstsOnly" and e.is_renewal)
  ) entry on true
  group by l.limit, l.count, l."periodSeconds"`;

/** What we asked of the CAs, kept so that we know where their limits are before they tell us. */
@Injectable()
export class CaLedger {
  constructor(private readonly dataSource: DataSource) {}

  /** Writes a new order down, if there is room for it. Null: done; else the limit that is in the way the longest. */
  reserveOrder(ca: string, name: LedgerName): Promise<Headroom | null> {
    return this.dataSource.transaction(async (manager) => {
      // Of all replicas one at a time counts and writes.
      await manager.query(`select pg_advisory_xact_lock(hashtextextended('ca-ledger ' || $1, 0))`, [
        ca,
      ]);
      const full = (await headroomOf(manager, ca, name))
        .filter(({ limit, retryAfterSeconds }) => retryAfterSeconds > 0 && applies(limit, name))
        .toSorted((a, b) => b.retryAfterSeconds - a.retryAfterSeconds);
      if (full[0] !== undefined) return full[0];
      await write(manager, { ca, kind: 'order', name, orderUrl: null });
      return null;
    });
  }

  /** Once for each order, however often it is told. */
  recordCertificate(ca: string, name: LedgerName, orderUrl: string): Promise<void> {
    return write(this.dataSource.manager, { ca, kind: 'certificate', name, orderUrl });
  }

  recordFailedAuthorization(ca: string, name: LedgerName): Promise<void> {
    const entry = { ca, kind: 'failed_authorization', name, orderUrl: null } as const;
    return write(this.dataSource.manager, entry);
  }

  /** What is used up for this name at that CA, limit by limit. */
  headroom(ca: string, name: LedgerName): Promise<Headroom[]> {
    return headroomOf(this.dataSource.manager, ca, name);
  }

  /** No limit looks back further than a week. */
  async prune(): Promise<void> {
    await this.dataSource.query(`delete from ca_ledger where at < now() - interval '8 days'`);
  }
}

/** Renewals are exempt where the CA exempts them. */
function applies(limit: CaLimitName, { isRenewal }: LedgerName): boolean {
  return !isRenewal || (limit !== 'newOrders' && limit !== 'certificatesPerDomain');
}

function headroomOf(manager: EntityManager, ca: string, name: LedgerName): Promise<Headroom[]> {
  const anything = { hostname: null, domain: null, firstsOnly: false };
  const { hostname, registrableDomain: domain } = name;
  const questions: Question[] = [
    {
      ...anything,
      ...CA_LIMITS.newOrders,
      limit: 'newOrders',
      kind: 'order',
      ca,
      firstsOnly: true,
    },
    {
      ...anything,
      ...CA_LIMITS.certificatesPerDomain,
      limit: 'certificatesPerDomain',
      kind: 'certificate',
      ca,
      domain,
      firstsOnly: true,
    },
    {
      ...anything,
      ...CA_LIMITS.failedAuthorizations,
      limit: 'failedAuthorizations',
      kind: 'failed_authorization',
      ca,
      hostname,
    },
    // Over all CAs.
    {
      ...anything,
      ...certificatesPerName(name.lifetimeSeconds),
      limit: 'certificatesPerName',
      kind: 'certificate',
      ca: null,
      hostname,
    },
  ];
  return manager.query<Headroom[]>(COUNT, [JSON.stringify(questions)]);
}

interface LedgerEntry {
  readonly ca: string;
  readonly kind: EntryKind;
  readonly name: LedgerName;
  readonly orderUrl: string | null;
}

async function write(manager: EntityManager, entry: LedgerEntry): Promise<void> {
  const { ca, kind, name, orderUrl } = entry;
  await manager.query(
    `insert into ca_ledger (ca, kind, hostname, registrable_domain, is_renewal, order_url)
     values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
    [ca, kind, name.hostname, name.registrableDomain, name.isRenewal, orderUrl],
  );
}
