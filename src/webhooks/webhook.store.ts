import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { AccountId } from '../accounts/account.js';
import type { ActivityAction, Actor } from '../accounts/activity/activity.js';
import { writeActivity } from '../accounts/activity/write-activity.js';
import { lockAccount } from '../accounts/lock-account.js';
import { OutboxListeners } from '../outbox/outbox-listeners.js';
import type { DisabledReason, Webhook, WebhookEvent, WebhookId } from './webhook.js';
import type { SealedSecret } from './webhook-vault.js';

/** The name of the reader of events. */
export const READER = 'webhooks';

export interface NewWebhook {
  readonly id: WebhookId;
  readonly name: string;
  readonly url: string;
  readonly target: string;
  readonly events: readonly WebhookEvent[];
  readonly secret: SealedSecret;
}

/** A field that is not there stays. */
export interface WebhookChange {
  readonly name?: string | undefined;
  readonly url?: string | undefined;
  readonly target?: string | undefined;
  readonly events?: readonly WebhookEvent[] | undefined;
  readonly isEnabled?: boolean | undefined;
}

const RECORD = `
  id, account_id as "accountId", name, url, events, is_enabled as "isEnabled",
  disabled_reason as "disabledReason", disabled_at as "disabledAt", failing_since as "failingSince",
  created_at as "createdAt", rotated_at as "rotatedAt",
  case when previous_until > now() then previous_until end as "previousUntil"`;

const LIST = `select ${RECORD} from webhooks where account_id = $1 order by created_at, id`;
const FIND = `select ${RECORD} from webhooks where account_id = $1 and id = $2`;

const INSERT = `
  insert into webhooks (id, account_id, name, url, target, events, key_version, sealed_secret)
  values ($1, $2, $3, $4, $5, $6, $7, $8) returning ${RECORD}`;

// Enabled again, or with another URL, it is tried at once.
const CHANGE = `
  update webhooks set name = coalesce($3, name), url = coalesce($4, url), target = coalesce($5, target),
    events = coalesce($6, events), is_enabled = coalesce($7, is_enabled),
    disabled_reason = case when coalesce($7, is_enabled) then null else coalesce(disabled_reason, 'owner') end,
    disabled_at = case when coalesce($7, is_enabled) then null else coalesce(disabled_at, now()) end,
    failures = case when $8 then 0 else failures end,
    failing_since = case when $8 then null else failing_since end,
    rest_until = case when $8 then null else rest_until end,
    next_at = case when $8 then now() else next_at end
  where account_id = $1 and id = $2`;

const ROTATE = `
  update webhooks set previous_key_version = case when $5 > 0 then key_version end,
    previous_sealed_secret = case when $5 > 0 then sealed_secret end,
    previous_until = case when $5 > 0 then now() + make_interval(secs => $5::int) end,
    key_version = $3, sealed_secret = $4, rotated_at = now()
  where account_id = $1 and id = $2`;

/** The webhooks of accounts. Each change is one transaction with its line of activity. */
@Injectable()
export class WebhookStore {
  constructor(
    private readonly dataSource: DataSource,
    private readonly listeners: OutboxListeners,
  ) {}

  /** The oldest first. */
  list(accountId: AccountId): Promise<Webhook[]> {
    return this.dataSource.query<Webhook[]>(LIST, [accountId]);
  }

  async find(accountId: AccountId, id: WebhookId): Promise<Webhook | null> {
    return findIn(this.dataSource.manager, accountId, id);
  }

  /** Runs `check` before, on the account's webhooks. It throws to refuse. */
  insert(
    accountId: AccountId,
    webhook: NewWebhook,
    actor: Actor,
    check: (webhooks: readonly Webhook[]) => void,
  ): Promise<Webhook> {
    const { id, name, url, target, events, secret } = webhook;
    return this.dataSource.transaction(async (manager) => {
      await lockAccount(manager, accountId, actor);
      check(await manager.query<Webhook[]>(LIST, [accountId]));
      const values = [id, accountId, name, url, target, events, secret.keyVersion, secret.sealed];
      const [row] = await manager.query<Webhook[]>(INSERT, values);
      if (row === undefined) throw new Error('insert returned no row');
      await this.#note(manager, row, actor, 'webhook.created');
      return row;
    });
  }

  /** Null when there is no such webhook. `check` throws to refuse. */
  async change(
    accountId: AccountId,
    id: WebhookId,
    change: WebhookChange,
    actor: Actor,
    check: (webhooks: readonly Webhook[]) => void,
  ): Promise<Webhook | null> {
    const { name, url, target, events, isEnabled } = change;
    return this.dataSource.transaction(async (manager) => {
      await lockAccount(manager, accountId, actor);
      check(await manager.query<Webhook[]>(LIST, [accountId]));
      const isTried = isEnabled === true || url !== undefined;
      const values = [accountId, id, name, url, target, events, isEnabled, isTried];
      await manager.query(
        CHANGE,
        values.map((value) => value ?? null),
      );
      return this.#changed(manager, { accountId, id }, actor, 'webhook.changed');
    });
  }

  /** The secret before signs too for the overlap, in place of any before it. */
  async rotate(
    accountId: AccountId,
    id: WebhookId,
    { secret, overlapSeconds }: { readonly secret: SealedSecret; readonly overlapSeconds: number },
    actor: Actor,
  ): Promise<Webhook | null> {
    return this.dataSource.transaction(async (manager) => {
      await lockAccount(manager, accountId, actor);
      const values = [accountId, id, secret.keyVersion, secret.sealed, overlapSeconds];
      await manager.query(ROTATE, values);
      return this.#changed(manager, { accountId, id }, actor, 'webhook.secret_rotated');
    });
  }

  /** With its deliveries and its log. */
  async delete(accountId: AccountId, id: WebhookId, actor: Actor): Promise<Webhook | null> {
    return this.dataSource.transaction(async (manager) => {
      await lockAccount(manager, accountId, actor);
      const webhook = await findIn(manager, accountId, id);
      if (webhook === null) return null;
      await manager.query('delete from webhooks where id = $1', [id]);
      await this.#note(manager, webhook, actor, 'webhook.deleted');
      return webhook;
    });
  }

  /** In the transaction of the attempt that was its last. Nothing happens when it is disabled already. */
  async disable(
    manager: EntityManager,
    { accountId, id }: Pick<Webhook, 'accountId' | 'id'>,
    reason: DisabledReason,
    actor: Actor,
  ): Promise<Webhook | null> {
    const [, count] = await manager.query<[unknown, number]>(
      `update webhooks set is_enabled = false, disabled_reason = $2, disabled_at = now()
       where id = $1 and is_enabled`,
      [id, reason],
    );
    return count === 0
      ? null
      : this.#changed(manager, { accountId, id }, actor, 'webhook.disabled');
  }

  async #changed(
    manager: EntityManager,
    { accountId, id }: Pick<Webhook, 'accountId' | 'id'>,
    actor: Actor,
    action: ActivityAction,
  ): Promise<Webhook | null> {
    const webhook = await findIn(manager, accountId, id);
    if (webhook !== null) await this.#note(manager, webhook, actor, action);
    return webhook;
  }

  /** The line of activity, and what the account listens to from now on: only that is written to the outbox. */
  async #note(
    manager: EntityManager,
    { accountId, id, name, isEnabled, disabledReason }: Webhook,
    actor: Actor,
    action: ActivityAction,
  ): Promise<void> {
    const subject = {
      id,
      name,
      enabled: isEnabled,
      ...(disabledReason && { reason: disabledReason }),
    };
    await writeActivity(manager, accountId, actor, { action, subject });
    const rows = await manager.query<{ event: string }[]>(
      `select distinct unnest(events) as event from webhooks where account_id = $1 and is_enabled order by 1`,
      [accountId],
    );
    await this.listeners.listen(
      READER,
      accountId,
      rows.map(({ event }) => event),
      manager,
    );
  }
}

async function findIn(
  manager: EntityManager,
  accountId: AccountId,
  id: WebhookId,
): Promise<Webhook | null> {
  const [webhook] = await manager.query<Webhook[]>(FIND, [accountId, id]);
  return webhook ?? null;
}
