import type { Actor } from '../../accounts/activity/activity.js';
import type { DomainId } from '../../domains/domain.js';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, type QueryDeepPartialEntity } from 'typeorm';
import { type Statement, Statements } from '../../database/statements.js';
import type { Hostname } from '../../shared/hostname.js';
import { loggerFor } from '../../shared/log-scope.js';
import {
  type LeaseKey,
  LeaseLostError,
  type LeasedIssuance,
  type StoredProblem,
} from '../issuance.js';
import { type CertificateEvent, note } from './certificate-timeline.js';
import { IssuanceEntity } from './issuance.entity.js';

/** What a write may change. A field that is left out keeps its value. */
export type IssuanceChange = Partial<
  Pick<
    IssuanceEntity,
    | 'state'
    | 'ca'
    | 'orderUrl'
    | 'sealedKey'
    | 'keyVersion'
    | 'orderFailures'
    | 'attempts'
    | 'heldBy'
    | 'problem'
    | 'renewAt'
    | 'ariStart'
    | 'ariEnd'
    | 'ariExplanation'
  >
>;

/** When the row is due again, by the database's clock. */
export type Release =
  | 'never'
  | { readonly inSeconds: number }
  /** The certificate's renewal, the next ARI poll or its end, whichever comes first. */
  | { readonly asScheduled: true; readonly ariPollInSeconds?: number };

type Columns = QueryDeepPartialEntity<IssuanceEntity>;

const IS_FREE = 'next_at <= now() and (leased_until is null or leased_until <= now())';

// A statement, since the row is taken with `for update skip locked`. First issuances and urgent renewals come before
// the other renewals. Each has an index in the order of next_at, so a long queue costs no more than a short one.
const TAKE_DUE: Statement = {
  name: 'issuances_take_due',
  text: `
    with urgent as materialized (
      select hostname from issuances where is_urgent and ${IS_FREE}
      order by next_at limit 1 for update skip locked
    ), other as materialized (
      select hostname from issuances
      where not is_urgent and ${IS_FREE} and not exists (select from urgent)
      order by next_at limit 1 for update skip locked
    )
    update issuances set lease_owner = $1, fence = fence + 1,
      leased_until = now() + make_interval(secs => $2::float8)
    where hostname = (select hostname from urgent union all select hostname from other limit 1)
    returning hostname, fence, domain_id as "domainId", registrable_domain as "registrableDomain", state,
      source, ca, order_url as "orderUrl", sealed_key as "sealedKey", key_version as "keyVersion",
      order_failures as "orderFailures", attempts, held_by as "heldBy", problem,
      challenge_type as "challengeType", renew_at as "renewAt", ari_start as "ariStart", ari_end as "ariEnd",
      ari_explanation as "ariExplanation", not_after as "notAfter",
      (extract(epoch from not_after - urgent_at) * 6)::float8 as "lifetimeSeconds",
      coalesce(renew_at <= now(), false) as "isRenewalDue",
      coalesce(ari_poll_at <= now(), false) as "isAriDue",
      coalesce(not_after <= now(), false) as "isExpired"`,
};

// A statement, since the fence of an existing row grows. A process that works on the name loses its lease.
const SEIZE: Statement = {
  name: 'issuances_seize',
  text: `
    insert into issuances as i (hostname, domain_id, registrable_domain, fence, leased_until)
    values ($1, $2, $3, 1, now() + interval '30 seconds')
    on conflict (hostname) do update set domain_id = excluded.domain_id, fence = i.fence + 1,
      lease_owner = null, leased_until = excluded.leased_until
    returning hostname, fence`,
};

/** Events of the timeline after which a certificate is missing or late. */
const TROUBLE: ReadonlySet<string> = new Set([
  'failed',
  'postponed',
  'held',
  'expiring',
  'expired',
]);

// A statement, since the update depends on the present row: what a CA said last is not replaced.
const RECORD_REFUSED_UPLOAD: Statement = {
  name: 'issuances_record_refused_upload',
  text: `
    insert into issuances as i (hostname, domain_id, registrable_domain, problem) values ($1, $2, $3, $4::jsonb)
    on conflict (hostname) do update set problem = excluded.problem, updated_at = now()
    where i.domain_id = excluded.domain_id
      and (i.problem is null or i.problem ->> 'type' like 'upload\\_%')`,
};

/** The issuance jobs. Every write under a lease is conditional on its fence, and atomic with its event. */
@Injectable()
export class IssuanceStore {
  readonly #logger = loggerFor(IssuanceStore.name);

  constructor(
    private readonly statements: Statements,
    private readonly dataSource: DataSource,
  ) {}

  /** Leases one due row; null: none is due. */
  async takeDue(owner: string, leaseSeconds: number): Promise<LeasedIssuance | null> {
    const [row] = await this.statements.run<LeasedIssuance>(TAKE_DUE, [owner, leaseSeconds]);
    return row ?? null;
  }

  /** Returns false when another process has taken the row. */
  async renewLease({ hostname, fence }: LeaseKey, leaseSeconds: number): Promise<boolean> {
    const { affected } = await this.dataSource.manager
      .createQueryBuilder()
      .update(IssuanceEntity)
      .set({ leasedUntil: () => 'now() + make_interval(secs => :leaseSeconds)' })
      .where('hostname = :hostname and fence = :fence', { hostname, fence, leaseSeconds })
      .execute();
    return affected === 1;
  }

  /** Ends the lease and leaves the row due. For a process that stops. */
  async giveBack({ hostname, fence }: LeaseKey): Promise<void> {
    const ended = { leasedUntil: null, leaseOwner: null };
    await this.dataSource.manager.update(IssuanceEntity, { hostname, fence }, ended);
  }

  /** Leases the name for 30 seconds to the caller, who brings a certificate from elsewhere. */
  async seize(
    hostname: Hostname,
    domainId: DomainId,
    registrableDomain: string,
  ): Promise<LeaseKey> {
    const values = [hostname, domainId, registrableDomain];
    const [lease] = await this.statements.run<LeaseKey>(SEIZE, values);
    if (lease === undefined) throw new Error(`${hostname}: not leased`);
    return lease;
  }

  /** Until the next upload or certificate. */
  async recordRefusedUpload(
    target: { hostname: Hostname; domainId: DomainId; registrableDomain: string },
    problem: StoredProblem,
  ): Promise<void> {
    const { hostname, domainId, registrableDomain } = target;
    const values = [hostname, domainId, registrableDomain, JSON.stringify(problem)];
    await this.statements.run(RECORD_REFUSED_UPLOAD, values);
  }

  /**
   * Makes the renewal by ACME due now; the uploaded certificate serves until it is done.
   * @returns false when the current certificate is not an uploaded one
   */
  backToAcme(hostname: Hostname, actor: Actor): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      const row = await lockName(manager, hostname);
      if (row?.source !== 'uploaded') return false;
      const due = { renewAt: () => 'now()', nextAt: () => 'now()', updatedAt: () => 'now()' };
      await manager.update(IssuanceEntity, { hostname }, { source: 'acme', ...due });
      const { domainId } = row;
      await note(manager, { domainId, hostname, type: 'upload_withdrawn', detail: {}, actor });
      return true;
    });
  }

  /** Keeps the lease. @throws LeaseLostError, as does release() */
  write(
    lease: LeaseKey,
    change: IssuanceChange,
    event: CertificateEvent | null = null,
  ): Promise<void> {
    return this.#update(lease, { set: change, parameters: {} }, event);
  }

  /** Writes and ends the lease. */
  release(
    lease: LeaseKey,
    change: IssuanceChange,
    due: Release,
    event: CertificateEvent | null = null,
  ): Promise<void> {
    const { set, parameters } = nextDue(due, change);
    const released = { ...change, ...set, leaseOwner: null, leasedUntil: null };
    return this.#update(lease, { set: released, parameters }, event);
  }

  async #update(lease: LeaseKey, update: Update, event: CertificateEvent | null): Promise<void> {
    const { hostname } = lease;
    await this.dataSource.transaction(async (manager) => {
      const domainId = await updateFenced(manager, lease, update);
      if (event !== null) await note(manager, { domainId, hostname, ...event });
    });
    if (event === null) return;
    const level = TROUBLE.has(event.type) ? 'warn' : 'info';
    const { type, detail, err } = event;
    const fields = { hostname, event: type, detail, ...(err !== undefined && { err }) };
    this.#logger[level](fields, 'certificate event');
  }
}

interface Update {
  readonly set: Columns;
  /** Of the expressions in `set`. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** @returns the id of the name's domain @throws LeaseLostError */
async function updateFenced(
  manager: EntityManager,
  { hostname, fence }: LeaseKey,
  { set, parameters }: Update,
): Promise<DomainId | null> {
  const { raw } = await manager
    .createQueryBuilder()
    .update(IssuanceEntity)
    .set({ ...set, updatedAt: () => 'now()' })
    .where('hostname = :hostname and fence = :fence', { hostname, fence })
    .setParameters(parameters)
    .returning('domain_id')
    .execute();
  const [row] = raw as { readonly domain_id: DomainId | null }[];
  if (row === undefined) throw new LeaseLostError(hostname);
  return row.domain_id;
}

const IN_SECONDS = 'now() + make_interval(secs => :inSeconds)';
const ARI_POLL = 'now() + make_interval(secs => :ariPollInSeconds)';

function nextDue(due: Release, change: IssuanceChange): Update {
  if (due === 'never') return { set: { nextAt: null }, parameters: {} };
  if ('inSeconds' in due) {
    // The certificate's end is an event of its own, if it comes first.
    const then = `case when not_after > now() then least(${IN_SECONDS}, not_after) else ${IN_SECONDS} end`;
    return { set: { nextAt: () => then }, parameters: { inSeconds: due.inSeconds } };
  }
  // An expression of an UPDATE sees a column's old value, so new values are given again.
  const renewAt = 'renewAt' in change ? 'cast(:newRenewAt as timestamptz)' : 'renew_at';
  const { ariPollInSeconds } = due;
  const pollAt = ariPollInSeconds === undefined ? 'ari_poll_at' : ARI_POLL;
  return {
    set: { ariPollAt: () => pollAt, nextAt: () => `least(${renewAt}, ${pollAt}, not_after)` },
    parameters: { newRenewAt: change.renewAt ?? null, ariPollInSeconds },
  };
}

/** Locks the row in the caller's transaction. @throws LeaseLostError */
export async function lockIssuance(
  manager: EntityManager,
  { hostname, fence }: LeaseKey,
): Promise<IssuanceEntity> {
  const row = await manager.findOne(IssuanceEntity, {
    where: { hostname, fence },
    lock: { mode: 'pessimistic_write' },
  });
  if (row === null) throw new LeaseLostError(hostname);
  return row;
}

/** Locks the row in the caller's transaction, whatever its fence; null: the name has none. */
export function lockName(
  manager: EntityManager,
  hostname: Hostname,
): Promise<IssuanceEntity | null> {
  const lock = { mode: 'pessimistic_write' } as const;
  return manager.findOne(IssuanceEntity, { where: { hostname }, lock });
}
