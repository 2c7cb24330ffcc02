import { Injectable } from '@nestjs/common';
import type { ClientNetworks } from '../shared/network.js';
import { isExceeded, RateLimits } from './rate-limits.js';

/**
 * Limits tries to sign in with a password, in the database for all processes, and before the password is looked at. What
 * is used up slows down and locks nobody out: each network keeps one try a minute for each address.
 */
@Injectable()
export class PasswordLimits {
  constructor(private readonly limits: RateLimits) {}

  /**
   * @param address of any account or of none
   * @throws AppError `rate_limited`
   */
  async admit({ near }: ClientNetworks, address: string): Promise<void> {
    const pair = `${near} ${address}`;
    const standing = await this.limits.charge([
      { limit: 'PASSWORD', subject: pair },
      { limit: 'PASSWORD_NETWORK', subject: near },
      { limit: 'PASSWORD_ACCOUNT', subject: address },
    ]);
    if (standing === null || !isExceeded(standing)) return;
    await this.limits.spend([{ limit: 'PASSWORD_SLOW', subject: pair }]);
  }
}
