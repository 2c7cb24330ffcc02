import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { type Statement, Statements } from '../../database/statements.js';
import type { Hostname } from '../../shared/hostname.js';
import type { CertificateState } from '../certificate-state.js';
import {
  type HeldBy,
  type LeaseKey,
  LeaseLostError,
  type LeasedIssuance,
  type StoredProblem,
} from '../issuance.js';

/** One line of the name's timeline, on the certificate axis. */
export interface CertificateEvent {
  readonly type: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** What a write may change. What is left out stays; null empties the column. */
export interface IssuanceChange {
  readonly state?: CertificateState;
  readonly ca?: string | null;
  readonly orderUrl?: string | null;
  readonly sealedKey?: Buffer | null;
  readonly keyVersion?: number | null;
  readonly orderFailures?: number;
  readonly attempts?: number;
  readonly heldBy?: HeldBy;
  readonly problem?: StoredProblem | null;
  readonly renewAt?: Date | null;
  readonly ariStart?: Date | null;
  readonly ariEnd?: Date | null;
  readonly ariExplanation?: string | null;
}

/** When the row is due again, by the database's clock, and that it is nobody's until then. */
export type Release =
  | 'never'
  | { readonly inSeconds: number }
  /** With the certificate: its renewal, the CA's window, its end, whichever comes first. */
  | { readonly asScheduled: true; readonly ariPollInSeconds?: number };

const COLUMNS = {
  state: 'state',
  ca: 'ca',
  orderUrl: 'order_url',
  sealedKey: 'sealed_key',
  keyVersion: 'key_version',
  orderFailures: 'order_failures',
  attempts: 'attempts',
  heldBy: 'held_by',
  problem: 'problem',
  renewAt: 'renew_at',
  ariStart: 'ari_start',
  ariEnd: 'ari_end',
  ariExplanation: 'ari_explanation',
} as const satisfies Record<keyof IssuanceChange, string>;

// First issues before renewals, unless those have no time left.
const TAKE_DUE: Statement = {
  name: 'issuances_take_due',
  text: `
    update issuances set lease_owner = $1, fence = fence + 1,
      leased_until = now() + make_interval(secs => $2::float8)
    where hostname = (
      select hostname from issuances
      where next_at <= now() and (leased_until is null or leased_until <= now())
      order by coalesce(urgent_at > now(), false), next_at
      limit 1 for update skip locked
    )
    returning hostname, fence, domain_id as "domainId", registrable_domain as "registrableDomain", state,
      source, ca, order_url as "orderUrl", sealed_key as "sealedKey", key_version as "keyVersion",
      order_failures as "orderFailures", attempts, held_by as "heldBy", problem,
      renew_at as "renewAt", ari_start as "ariStart", ari_end as "ariEnd",
      ari_explanation as "ariExplanation", not_after as "notAfter",
      (extract(epoch from not_after - urgent_at) * 6)::float8 as "lifetimeSeconds",
      coalesce(renew_at <= now(), false) as "isRenewalDue",
      coalesce(ari_poll_at <= now(), false) as "isAriDue",
      coalesce(not_after <= now(), false) as "isExpired"`,
};

const RENEW_LEASE: Statement = {
  name: 'issuances_renew_lease',
  text: `
    update issuances set leased_until = now() + make_interval(secs => $3::float8)
    where hostname = $1 and fence = $2 returning 1 as renewed`,
};

const GIVE_BACK: Statement = {
  name: 'issuances_give_back',
  text: `
    update issuances set leased_until = null, lease_owner = null where hostname = $1 and fence = $2`,
};

// Whoever works on the name loses its lease; the one who uploads has it long enough to promote.
const SEIZE: Statement = {
  name: 'issuances_seize',
  text: `
    insert into issuances as i (hostname, domain_id, registrable_domain, fence, leased_until)
    values ($1, $2, $3, 1, now() + interval '30 seconds')
    on conflict (hostname) do update set domain_id = excluded.domain_id, fence = i.fence + 1,
      lease_owner = null, leased_until = excluded.leased_until
    returning hostname, fence`,
};

const BACK_TO_ACME: Statement = {
  name: 'issuances_back_to_acme',
  text: `
    update issuances set source = 'acme', renew_at = now(), next_at = now(), updated_at = now()
    where hostname = $1 and source = 'uploaded' returning 1 as changed`,
};

/** The rows that are the issuance jobs. Every write under a lease is conditional on its fence. */
@Injectable()
export class IssuanceStore {
  constructor(
    private readonly statements: Statements,
    private readonly dataSource: DataSource,
  ) {}

  /** One due row, or null. */
  async takeDue(owner: string, leaseSeconds: number): Promise<LeasedIssuance | null> {
    const [row] = await this.statements.run<LeasedIssuance>(TAKE_DUE, [owner, leaseSeconds]);
    return row ?? null;
  }

  /** Whether the lease is still ours. */
  async renewLease({ hostname, fence }: LeaseKey, leaseSeconds: number): Promise<boolean> {
    const rows = await this.statements.run(RENEW_LEASE, [hostname, fence, leaseSeconds]);
    return rows.length > 0;
  }

  /** As it was: for a process that stops. */
  async giveBack({ hostname, fence }: LeaseKey): Promise<void> {
    await this.statements.run(GIVE_BACK, [hostname, fence]);
  }

  /** Takes the name from whoever has it, for a certificate that comes from elsewhere. */
  async seize(hostname: Hostname, domainId: string, registrableDomain: string): Promise<LeaseKey> {
    const values = [hostname, domainId, registrableDomain];
    const [lease] = await this.statements.run<LeaseKey>(SEIZE, values);
    if (lease === undefined) throw new Error(`${hostname}: not taken`);
    return lease;
  }

  /** The uploaded certificate serves on until there is one of ours. Whether it was uploaded at all. */
  async backToAcme(hostname: Hostname): Promise<boolean> {
    return (await this.statements.run(BACK_TO_ACME, [hostname])).length > 0;
  }

  /** Goes on holding the lease. @throws LeaseLostError, as does release() */
  write(
    lease: LeaseKey,
    change: IssuanceChange,
    event: CertificateEvent | null = null,
  ): Promise<void> {
    return this.#update(lease, assignments(change), event);
  }

  /** Writes, and lets go until the row is due again. */
  release(
    lease: LeaseKey,
    change: IssuanceChange,
    due: Release,
    event: CertificateEvent | null = null,
  ): Promise<void> {
    const { columns, values } = assignments(change);
    const freed = [...columns, 'lease_owner = null', 'leased_until = null'];
    return this.#update(lease, { columns: [...freed, ...dueColumns(due, change)], values }, event);
  }

  async #update(
    { hostname, fence }: LeaseKey,
    { columns, values }: Assignments,
    event: CertificateEvent | null,
  ): Promise<void> {
    const [row] = await this.dataSource.query<{ count: number }[]>(
      `with changed as (
        update issuances set ${[...columns, 'updated_at = now()'].join(', ')}
        where hostname = $1 and fence = $2 returning hostname, domain_id
      ), noted as (
        insert into domain_events (domain_id, hostname, axis, type, detail)
        select domain_id, hostname, 'certificate', $3::text, $4::jsonb from changed where $3::text is not null
      )
      select count(*)::int as count from changed`,
      [hostname, fence, event?.type ?? null, JSON.stringify(event?.detail ?? {}), ...values],
    );
    if (row?.count !== 1) throw new LeaseLostError(hostname);
  }
}

interface Assignments {
  readonly columns: string[];
  readonly values: unknown[];
}

/** `$1` to `$4` are taken by what every update has. */
const FIRST_PARAMETER = 5;

function assignments(change: IssuanceChange): Assignments {
  const changed = Object.entries(change) as [keyof IssuanceChange, unknown][];
  return {
    columns: changed.map(([name], index) => `${COLUMNS[name]} = $${index + FIRST_PARAMETER}`),
    values: changed.map(([name, value]) =>
      name === 'problem' && value !== null ? JSON.stringify(value) : value,
    ),
  };
}

function dueColumns(due: Release, change: IssuanceChange): string[] {
  if (due === 'never') return ['next_at = null'];
  if ('inSeconds' in due) {
    const then = `now() + make_interval(secs => ${number(due.inSeconds)})`;
    // An end that comes first is an event of its own.
    return [
      `next_at = case when not_after > now() then least(${then}, not_after) else ${then} end`,
    ];
  }
  const { ariPollInSeconds } = due;
  const poll =
    ariPollInSeconds === undefined
      ? 'ari_poll_at'
      : `now() + make_interval(secs => ${number(ariPollInSeconds)})`;
  // In one UPDATE a column's old value is seen, so a new renewal time is given again.
  const keys = Object.keys(change);
  const renewal = keys.includes('renewAt')
    ? `$${keys.indexOf('renewAt') + FIRST_PARAMETER}::timestamptz`
    : 'renew_at';
  return [`ari_poll_at = ${poll}`, `next_at = least(${renewal}, ${poll}, not_after)`];
}

function number(seconds: number): string {
  if (!Number.isFinite(seconds)) throw new Error(`not a number of seconds: ${seconds}`);
  return String(seconds);
}

/** Inside a transaction of its own: holds the row still, whoever else wants to change it. */
export async function lockIssuance(
  manager: EntityManager,
  { hostname, fence }: LeaseKey,
): Promise<{ readonly domainId: string | null }> {
  const [row] = await manager.query<{ domainId: string | null }[]>(
    `select domain_id as "domainId" from issuances where hostname = $1 and fence = $2 for update`,
    [hostname, fence],
  );
  if (row === undefined) throw new LeaseLostError(hostname);
  return row;
}

/** The row of a name, made when there is none; held still until the transaction ends. */
export async function lockName(
  manager: EntityManager,
  hostname: Hostname,
): Promise<{ readonly state: CertificateState; readonly domainId: string | null } | null> {
  const [row] = await manager.query<{ state: CertificateState; domainId: string | null }[]>(
    `select state, domain_id as "domainId" from issuances where hostname = $1 for update`,
    [hostname],
  );
  return row ?? null;
}
