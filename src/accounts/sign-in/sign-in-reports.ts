import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Account } from '../account.js';
import { AccountMail } from '../email-change/account-mail.js';
import { tellOwner } from './protected-changes.js';
import { SignInMetrics } from './sign-in-metrics.js';
import type { Visitor } from './visitor.js';

/** Who is told of a sign-in: the operator by a metric, the owner by mail. */
@Injectable()
export class SignInReports {
  constructor(
    private readonly metrics: SignInMetrics,
    private readonly mail: AccountMail,
  ) {}

  count(...counted: Parameters<SignInMetrics['count']>): void {
    this.metrics.count(...counted);
  }

  recoveryCodeUsed(
    manager: EntityManager,
    account: Account,
    codesLeft: number,
    visitor: Visitor,
  ): Promise<void> {
    const notice = { kind: 'recovery_code_used', codesLeft } as const;
    return tellOwner(this.mail, manager, account, { notice, visitor });
  }
}
