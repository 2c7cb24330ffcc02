import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import {
  CA_LIMIT_NAMES,
  type CaLimit,
  type CaLimitName,
  type CaLimits,
} from '../../config/acme-limits.js';
import { CertificateSettings } from '../certificate-settings.js';
import { CaLedgerEntryEntity, type LedgerEntryKind } from './ca-ledger-entry.entity.js';
import { certificatesPerName } from './ca-limits.js';

export interface LedgerName {
  readonly hostname: string;
  readonly registrableDomain: string;
  readonly isRenewal: boolean;
  /** Of the current certificate; null: there is none. */
  readonly lifetimeSeconds: number | null;
}

/** How much of a limit is used. */
export interface Headroom {
  readonly limit: CaLimitName;
  readonly used: number;
  readonly count: number;
  readonly periodSeconds: number;
  /** Until one more is allowed; 0: now. */
  readonly retryAfterSeconds: number;
}

/** What one limit counts. A null field is no condition. */
interface Question extends CaLimit {
  readonly limit: CaLimitName;
  readonly kind: LedgerEntryKind;
  readonly ca: string | null;
  readonly hostname: string | null;
  readonly domain: string | null;
  readonly firstsOnly: boolean;
}

// SQL, since it counts for all limits in one query. One more is allowed when the oldest of the last `count` entries
// leaves the period.
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

/** Our own count of what the CAs' rate limits count, so that an order is refused here before the CA refuses it. */
@Injectable()
export class CaLedger {
  constructor(
    private readonly dataSource: DataSource,
    private readonly settings: CertificateSettings,
  ) {}

  /** Records a new order if every limit allows it. Null: recorded; else the limit with the longest wait. */
  async reserveOrder(ca: string, name: LedgerName): Promise<Headroom | null> {
    const limits = this.#limitsOf(ca);
    const entry = { ca, kind: 'order', name, orderUrl: null } as const;
    if (Object.keys(limits).length === 0) {
      await record(this.dataSource.manager, entry);
      return null;
    }
    return this.dataSource.transaction(async (manager) => {
      // Replicas count and record one after the other.
      await manager.query(`select pg_advisory_xact_lock(hashtextextended('ca-ledger ' || $1, 0))`, [
        ca,
      ]);
      const full = (await headroomOf(manager, limits, { ca, name }))
        .filter(({ limit, retryAfterSeconds }) => retryAfterSeconds > 0 && applies(limit, name))
        .toSorted((a, b) => b.retryAfterSeconds - a.retryAfterSeconds);
      if (full[0] !== undefined) return full[0];
      await record(manager, entry);
      return null;
    });
  }

  /** Idempotent per order. */
  recordCertificate(ca: string, name: LedgerName, orderUrl: string): Promise<void> {
    return record(this.dataSource.manager, { ca, kind: 'certificate', name, orderUrl });
  }

  recordFailedAuthorization(ca: string, name: LedgerName): Promise<void> {
    const entry = { ca, kind: 'failed_authorization', name, orderUrl: null } as const;
    return record(this.dataSource.manager, entry);
  }

  /** One entry per limit, for this name at that CA. */
  headroom(ca: string, name: LedgerName): Promise<Headroom[]> {
    return headroomOf(this.dataSource.manager, this.#limitsOf(ca), { ca, name });
  }

  #limitsOf(ca: string): CaLimits {
    return this.settings.cas.find(({ name }) => name === ca)?.limits ?? {};
  }

  /** Deletes entries older than the longest period, which is a week. */
  async prune(): Promise<void> {
    await this.dataSource.manager
      .createQueryBuilder()
      .delete()
      .from(CaLedgerEntryEntity)
      .where(`at < now() - interval '8 days'`)
      .execute();
  }
}

/** Renewals are exempt where the CA exempts them. */
function applies(limit: CaLimitName, { isRenewal }: LedgerName): boolean {
  return !isRenewal || (limit !== 'newOrders' && limit !== 'certificatesPerDomain');
}

/** What a limit counts. */
const COUNTED = {
  newOrders: (ca) => ({ kind: 'order', ca, firstsOnly: true }),
  certificatesPerDomain: (ca, { registrableDomain }) => ({
    kind: 'certificate',
    ca,
    domain: registrableDomain,
    firstsOnly: true,
  }),
  // Over all CAs.
  certificatesPerName: (_, { hostname }) => ({ kind: 'certificate', hostname }),
  failedAuthorizations: (ca, { hostname }) => ({ kind: 'failed_authorization', ca, hostname }),
} as const satisfies Record<
  CaLimitName,
  (ca: string, name: LedgerName) => Pick<Question, 'kind'> & Partial<Question>
>;

async function headroomOf(
  manager: EntityManager,
  limits: CaLimits,
  { ca, name }: { readonly ca: string; readonly name: LedgerName },
): Promise<Headroom[]> {
  const anything = { ca: null, hostname: null, domain: null, firstsOnly: false };
  const questions = CA_LIMIT_NAMES.flatMap((limit): Question[] => {
    const configured = limits[limit];
    if (configured === undefined) return [];
    const isByName = limit === 'certificatesPerName';
    const used = isByName ? certificatesPerName(configured, name.lifetimeSeconds) : configured;
    return [{ ...anything, ...used, limit, ...COUNTED[limit](ca, name) }];
  });
  if (questions.length === 0) return [];
  return manager.query<Headroom[]>(COUNT, [JSON.stringify(questions)]);
}

interface LedgerEntry {
  readonly ca: string;
  readonly kind: LedgerEntryKind;
  readonly name: LedgerName;
  readonly orderUrl: string | null;
}

async function record(manager: EntityManager, entry: LedgerEntry): Promise<void> {
  const { ca, kind, name, orderUrl } = entry;
  const { hostname, registrableDomain, isRenewal } = name;
  await manager
    .createQueryBuilder()
    .insert()
    .into(CaLedgerEntryEntity)
    .values({ ca, kind, hostname, registrableDomain, isRenewal, orderUrl })
    .orIgnore()
    .updateEntity(false)
    .execute();
}
