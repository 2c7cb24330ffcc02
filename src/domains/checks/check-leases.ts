import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, IsNull, Repository } from 'typeorm';
import type { AccountId } from '../../accounts/account.js';
import { DomainEntity } from '../domain.entity.js';

/** A claim that this process checks now. `fence` is that of this lease: see DomainTransitions.apply(). */
export type LeasedClaim = DomainEntity;

/** `limited`: the account may ask again after `retryAfterSeconds`. */
export type VerifyLease =
  | { readonly state: 'leased'; readonly claim: LeasedClaim }
  | { readonly state: 'limited'; readonly retryAfterSeconds: number }
  | { readonly state: 'not_found' };

/** `setup`: claims that changed lately, or were made lately. `regular`: every due claim. */
export type CheckQueue = 'setup' | 'regular';

// As in the index domains_setup_check_at_idx.
const IS_SETUP = 'check_attempts < 20';
export const VERIFIES_PER_MINUTE = 10;
// Longer than any check takes. It delays the claims of a process that ends during a check.
const LEASE = "fence = fence + 1, leased_until = now() + interval '60 seconds'";
const WINDOW_END = "verify_window_at + interval '1 minute'";
const IS_WINDOW_OPEN = `coalesce(${WINDOW_END} > now(), false)`;

/** Leases on claims, in their rows. A due claim is leased by one process; `verify` takes the lease from it. */
@Injectable()
export class CheckLeases {
  constructor(@InjectRepository(DomainEntity) private readonly domains: Repository<DomainEntity>) {}

  async takeDue(owner: string, limit: number, queue: CheckQueue): Promise<LeasedClaim[]> {
    // A statement: an update of the query builder has neither a limit nor `skip locked`.
    const [taken] = await this.domains.query<[Taken[], number]>(
      `update domains set lease_owner = $1, ${LEASE}
       where id = any(array(
         select id from domains
         where next_check_at <= now() and removed_at is null${queue === 'setup' ? ` and ${IS_SETUP}` : ''}
           and (leased_until is null or leased_until < now())
         order by next_check_at limit $2 for no key update skip locked
       )) returning id, fence`,
      [owner, limit],
    );
    return this.#claims(taken);
  }

  /** Counts the calls of a minute in the row, so all processes share one limit. */
  async takeForVerify(accountId: AccountId, extid: string): Promise<VerifyLease> {
    // A statement: it counts, decides and returns the new fence at once.
    const [taken] = await this.domains.query<[Taken[], number]>(
      `update domains set lease_owner = 'verify', ${LEASE}, check_attempts = 0,
         verify_count = case when ${IS_WINDOW_OPEN} then verify_count + 1 else 1 end,
         verify_window_at = case when ${IS_WINDOW_OPEN} then verify_window_at else now() end
       where account_id = $1 and extid = $2 and removed_at is null
         and not (${IS_WINDOW_OPEN} and verify_count >= $3)
       returning id, fence`,
      [accountId, extid, VERIFIES_PER_MINUTE],
    );
    const [claim] = await this.#claims(taken);
    if (claim !== undefined) return { state: 'leased', claim };
    return this.#refusal(accountId, extid);
  }

  async #refusal(accountId: AccountId, extid: string): Promise<VerifyLease> {
    const row = await this.domains
      .createQueryBuilder('domain')
      .select(`greatest(1, ceil(extract(epoch from ${WINDOW_END} - now())))::int`, 'seconds')
      .where({ accountId, extid, removedAt: IsNull() })
      .getRawOne<{ seconds: number }>();
    if (row === undefined) return { state: 'not_found' };
    return { state: 'limited', retryAfterSeconds: row.seconds };
  }

  async #claims(taken: readonly Taken[]): Promise<LeasedClaim[]> {
    if (taken.length === 0) return [];
    const fences = new Map(taken.map(({ id, fence }) => [id, fence]));
    const claims = await this.domains.findBy({ id: In([...fences.keys()]) });
    // The fence of this lease: the row may have a newer one by now.
    return claims.map((claim) => Object.assign(claim, { fence: fences.get(claim.id) }));
  }
}

type Taken = Pick<DomainEntity, 'id' | 'fence'>;
