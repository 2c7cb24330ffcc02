import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import {
  CA_LIMIT_NAMES,
  type CaLimit,
  type CaLimitName,
  type CaLimits,
} from '../../config/acme-limits.js';
import { CertificateSettings } from '../certificate-settings.js';
import { KeyedLine } from '../../shared/keyed-line.js';
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

/** Our own count of what the CAs' rate limits count, so that an order is refused here before the CA refuses it. */
@Injectable()
export class CaLedger {
  // In front of the lock in the database: orders that wait for each other hold no connection of the pool.
  readonly #line = new KeyedLine();

  constructor(
    private readonly dataSource: DataSource,
    private readonly settings: CertificateSettings,
  ) {}

  /** Records a new order if every limit allows it. Null: recorded; else the limit with the longest wait. */
  async reserveOrder(ca: string, name: LedgerName): Promise<Headroom | null> {
    const limits = this.#limitsOf(ca);
    if (Object.keys(limits).length > 0)
      return this.#line.run(ca, () => this.#reserveWithin(limits, ca, name));
    await record(this.dataSource.manager, { ca, kind: 'order', name, orderUrl: null });
    return null;
  }

  #reserveWithin(limits: CaLimits, ca: string, name: LedgerName): Promise<Headroom | null> {
    const entry = { ca, kind: 'order', name, orderUrl: null } as const;
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
  const values: unknown[] = [];
  const counts = questions.map((question) => countOf(question, values));
  return manager.query<Headroom[]>(counts.join(' union all '), values);
}

/**
 * The query of one count, for one statement of all counts. It reads an index from the newest entry back, no more than
 * the limit allows: one more is allowed when the oldest of these leaves the period. A condition that does not apply is
 * left out, since `or` would keep the index from being used.
 */
function countOf(question: Question, values: unknown[]): string {
  const { limit, kind, ca, hostname, domain, firstsOnly, count, periodSeconds } = question;
  const bind = (value: unknown, type: string): string => `$${values.push(value)}::${type}`;
  const period = `make_interval(secs => ${bind(periodSeconds, 'float8')})`;
  const most = bind(count, 'int');
  const conditions = [
    `kind = ${bind(kind, 'text')}`,
    `at > now() - ${period}`,
    ...(ca === null ? [] : [`ca = ${bind(ca, 'text')}`]),
    ...(hostname === null ? [] : [`hostname = ${bind(hostname, 'text')}`]),
    ...(domain === null ? [] : [`registrable_domain = ${bind(domain, 'text')}`]),
    ...(firstsOnly ? ['not is_renewal'] : []),
  ];
  return `
    select ${bind(limit, 'text')} as "limit", count(*)::int as used, ${most} as count,
      ${bind(periodSeconds, 'float8')} as "periodSeconds",
      case when count(*) < ${most} then 0
        else greatest(1, ceil(extract(epoch from min(at) + ${period} - now())))::int
      end as "retryAfterSeconds"
    from (
      select at from ca_ledger where ${conditions.join(' and ')} order by at desc limit ${most}
    ) as newest`;
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
