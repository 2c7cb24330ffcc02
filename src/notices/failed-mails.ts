import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { AccountId } from '../accounts/account.js';
import { GATEWAY } from '../accounts/activity/activity.js';
import { writeActivity } from '../accounts/activity/write-activity.js';
import { MailFailures } from '../mail/mail-failures.js';

/** A mail that was given up is a line in the account's activity. */
@Injectable()
export class FailedMails implements OnModuleInit {
  constructor(
    private readonly failures: MailFailures,
    private readonly dataSource: DataSource,
  ) {}

  onModuleInit(): void {
    this.failures.onFailed(async ({ kind, accountId, end }) => {
      if (accountId === null) return;
      const entry = { action: 'mail.failed', subject: { kind, state: end } } as const;
      await writeActivity(this.dataSource.manager, accountId as AccountId, GATEWAY, entry);
    });
  }
}
