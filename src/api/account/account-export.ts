import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { Account, AccountId } from '../../accounts/account.js';
import { AccountSettings } from '../../accounts/settings/account-settings.js';
import { ActivityStore } from '../../accounts/activity/activity.store.js';
import type { Actor } from '../../accounts/activity/activity.js';
import { EmailChanges } from '../../accounts/email-change/email-changes.service.js';
import { externalIdOf } from '../../accounts/external-id.js';
import { toSnakeCase } from '../domains/snake-case.js';
import type { ExportSection } from './export-section.js';
import { ExportedRooms } from './exported-rooms.js';
import { ExportedSignIn } from './exported-sign-in.js';

const ACTIVITY_PAGE = 500;

/** Everything that is kept about an account, as one JSON object. It is read page by page, as fast as the client takes it. */
@Injectable()
export class AccountExport {
  readonly #sections: readonly ExportSection[];

  constructor(
    private readonly settings: AccountSettings,
    private readonly emailChanges: EmailChanges,
    private readonly activity: ActivityStore,
    signIn: ExportedSignIn,
    rooms: ExportedRooms,
  ) {
    this.#sections = [
      ...signIn.sections,
      ...rooms.sections,
      { name: 'activity', pages: (id) => this.#activity(id) },
    ];
  }

  /** The text of the export. What fails before its first part is thrown here. */
  async open(account: Account, actor: Actor): Promise<Readable> {
    await this.activity.add(account.id, actor, { action: 'account.exported', subject: {} });
    const { createdAt, updatedAt, ...record } = await this.settings.get(account.id);
    const change = await this.emailChanges.find(account);
    const head = {
      format: 'onetime-account-export',
      version: 1,
      exported_at: new Date().toISOString(),
      account: toSnakeCase({
        ...record,
        extid: externalIdOf(account.id),
        createdAt,
        updatedAt,
      }),
      email_change: change && toSnakeCase(change),
    };
    return Readable.from(this.#text(head, account.id), { objectMode: false });
  }

  async *#text(head: object, id: AccountId): AsyncGenerator<string> {
    yield JSON.stringify(head).slice(0, -1);
    for (const section of this.#sections) {
      yield `,\n${JSON.stringify(section.name)}:[`;
      let separator = '\n';
      for await (const page of section.pages(id)) {
        if (page.length === 0) continue;
        yield separator + page.map((each) => JSON.stringify(each)).join(',\n');
        separator = ',\n';
      }
      yield ']';
    }
    yield '}\n';
  }

  async *#activity(id: AccountId): AsyncGenerator<readonly object[]> {
    let cursor: string | null = null;
    do {
      const { entries, nextCursor }: Awaited<ReturnType<ActivityStore['page']>> =
        await this.activity.page(id, { limit: ACTIVITY_PAGE, cursor });
      yield entries.map(({ id: _id, accountId: _account, tokenId: _token, ...entry }) =>
        toSnakeCase(entry),
      );
      cursor = nextCursor;
    } while (cursor !== null);
  }
}
