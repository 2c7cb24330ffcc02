import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { RateLimits } from '../../limits/rate-limits.js';
import type { Network } from '../../shared/network.js';
import type { AccountId } from '../account.js';

/** Lines of activity that are looked at: an account that does much signs in often too. */
const LINES = 500;

const HAS_SIGNED_IN_FROM = `
  select 1 from (
    select action, network from account_activity where account_id = $1 order by id desc limit ${LINES}
  ) as recent
  where action = 'session.opened' and network = $2 limit 1`;

/**
 * Counts tries of the codes of authenticator apps, which have six digits. They are counted for the account, since whoever
 * tries has shown its password and may come from anywhere; but a network from which the account was signed in before has a
 * count of its own. So whoever knows the password does not lock the owner out.
 */
@Injectable()
export class CodeTries {
  constructor(
    private readonly dataSource: DataSource,
    private readonly limits: RateLimits,
  ) {}

  /** @throws AppError `rate_limited` */
  async spend(accountId: AccountId, network: Network): Promise<void> {
    const known = await this.dataSource.query<unknown[]>(HAS_SIGNED_IN_FROM, [accountId, network]);
    const subject = known.length > 0 ? `${accountId} ${network}` : accountId;
    await this.limits.spend([{ limit: 'SECOND_FACTOR', subject }]);
  }
}
