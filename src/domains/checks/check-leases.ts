import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { AccountId } from '../../accounts/account.js';
import { DomainEntity } from '../domain.entity.js';

/** A claim that one process looks at now. Its `fence` is this look's: see DomainTransitions.apply(). */
export type LeasedClaim = DomainEntity;

/** `limited`: how many seconds until the account may ask again. */
export type VerifyLease =
  | { readonly state: 'leased'; readonly claim: LeasedClaim }
  | { readonly state: 'limited'; readonly retryAfterSeconds: number }
  | { readonly state: 'not_found' };

export const VERIFIES_PER_MINUTE = 10;
// Longer than any look takes. A process that dies meanwhile delays its claims by so much.
const LEASE = "interval '60 seconds'";

/** Who looks at a claim. Due rows are taken by one process each; whoever asks for a look now takes the row from it. */
@Injectable()
export class CheckLeases {
  constructor(private readonly dataSource: DataSource) {}

  async takeDue(owner: string, limit: number): Promise<LeasedClaim[]> {
    const [taken] = await this.dataSource.query<[Taken[], number]>(
      `update domains set lease_owner = $1, fence = fence + 1, leased_until = now() + ${LEASE}
       where id in (
         select id from domains
         where next_check_at <= now() and removed_at is null
           and (leased_until is null or leased_until < now())
         order by next_check_at limit $2 for no key update skip locked
       ) returning id, fence`,
      [owner, limit],
    );
    return this.#claims(taken);
  }

  /** The window is counted in the row itself, so that all processes count together. */
  async takeForVerify(accountId: AccountId, extid: string): Promise<VerifyLease> {
    const [taken] = await this.dataSource.query<[Taken[], number]>(
      `update domains set lease_owner = 'verify', fence = fence + 1, leased_until = now() + ${LEASE},
         check_attempts = 0,
         verify_count = case when ${WINDOW_IS_OPEN} then verify_count + 1 else 1 end,
         verify_window_at = case when ${WINDOW_IS_OPEN} then verify_window_at else now() end
       where account_id = $1 and extid = $2 and removed_at is null
         and not (${WINDOW_IS_OPEN} and verify_count >= $3)
       returning id, fence`,
      [accountId, extid, VERIFIES_PER_MINUTE],
    );
    const [claim] = await this.#claims(taken);
    if (claim !== undefined) return { state: 'leased', claim };
    return this.#whyNot(accountId, extid);
  }

  async #whyNot(accountId: AccountId, extid: string): Promise<VerifyLease> {
    const [row] = await this.dataSource.query<{ seconds: number }[]>(
      `select greatest(1, ceil(extract(epoch from verify_window_at + interval '1 minute' - now())))::int as seconds
       from domains where account_id = $1 and extid = $2 and removed_at is null`,
      [accountId, extid],
    );
    if (row === undefined) return { state: 'not_found' };
    return { state: 'limited', retryAfterSeconds: row.seconds };
  }

  async #claims(taken: readonly Taken[]): Promise<LeasedClaim[]> {
    if (taken.length === 0) return [];
    const fences = new Map(taken.map(({ id, fence }) => [id, fence]));
    const claims = await this.dataSource.manager
      .createQueryBuilder(DomainEntity, 'domain')
      .where('domain.id in (:...ids)', { ids: [...fences.keys()] })
      .getMany();
    // The fence that was taken, though somebody may have taken a newer one since.
    return claims.map((claim) => Object.assign(claim, { fence: fences.get(claim.id) }));
  }
}

interface Taken {
  readonly id: string;
  readonly fence: string;
}

const WINDOW_IS_OPEN = "coalesce(verify_window_at > now() - interval '1 minute', false)";
