import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { AccountId } from '../accounts/account.js';
import type { Actor } from '../accounts/activity/activity.js';
import { AppError } from '../shared/app-error.js';
import {
  DeliveryLog,
  type AttemptPage,
  type AttemptPageRequest,
  type AttemptRecord,
} from './delivery-log.js';
import type { Webhook, WebhookEvent, WebhookId } from './webhook.js';
import { newWebhookSecret, type WebhookSecret } from './webhook-secret.js';
import { WebhookSettings, WEBHOOKS_MAX } from './webhook-settings.js';
import { targetOf, urlProblem } from './webhook-url.js';
import { WebhookVault } from './webhook-vault.js';
import { WebhookStore } from './webhook.store.js';

export interface WebhookRequest {
  readonly name: string;
  readonly url: string;
  readonly events: readonly WebhookEvent[];
}

/** What is absent stays. */
export interface WebhookChangeRequest {
  readonly name?: string | undefined;
  readonly url?: string | undefined;
  readonly events?: readonly WebhookEvent[] | undefined;
  readonly isEnabled?: boolean | undefined;
}

/** The only object with a secret in clear: afterwards it exists sealed only. */
export interface NewSecretValue {
  readonly webhook: Webhook;
  readonly secret: WebhookSecret;
}

/** The webhooks of an account. An unknown id and the id of another account's both throw AppError `not_found`. */
@Injectable()
export class WebhooksService {
  constructor(
    private readonly settings: WebhookSettings,
    private readonly store: WebhookStore,
    private readonly vault: WebhookVault,
    private readonly log: DeliveryLog,
  ) {}

  list(accountId: AccountId): Promise<Webhook[]> {
    return this.store.list(accountId);
  }

  async get(accountId: AccountId, id: WebhookId): Promise<Webhook> {
    return found(await this.store.find(accountId, id));
  }

  /** Throws AppError `invalid_request` for a URL that may not be used, a name in use, and one webhook too many. */
  async create(
    accountId: AccountId,
    { name, url, events }: WebhookRequest,
    actor: Actor,
  ): Promise<NewSecretValue> {
    const id = randomUUID() as string as WebhookId;
    const secret = newWebhookSecret();
    const target = this.#targetOf(url);
    const sealed = this.vault.seal(id, secret);
    const row = { id, name, url, target, events: [...new Set(events)], secret: sealed };
    const webhook = await this.store.insert(accountId, row, actor, (others) => {
      requireUnused(others, name);
      if (others.length >= WEBHOOKS_MAX) throw tooMany();
    });
    return { webhook, secret };
  }

  async change(
    accountId: AccountId,
    id: WebhookId,
    { name, url, events, isEnabled }: WebhookChangeRequest,
    actor: Actor,
  ): Promise<Webhook> {
    const change = {
      name,
      url,
      target: url === undefined ? undefined : this.#targetOf(url),
      events: events === undefined ? undefined : [...new Set(events)],
      isEnabled,
    };
    const check = (others: readonly Webhook[]): void => {
      if (name !== undefined)
        requireUnused(
          others.filter((other) => other.id !== id),
          name,
        );
    };
    return found(await this.store.change(accountId, id, change, actor, check));
  }

  async delete(accountId: AccountId, id: WebhookId, actor: Actor): Promise<Webhook> {
    return found(await this.store.delete(accountId, id, actor));
  }

  /** A new secret; for the overlap requests are signed with both. */
  async rotate(
    accountId: AccountId,
    id: WebhookId,
    overlapSeconds: number,
    actor: Actor,
  ): Promise<NewSecretValue> {
    const secret = newWebhookSecret();
    const rotation = { secret: this.vault.seal(id, secret), overlapSeconds };
    return { webhook: found(await this.store.rotate(accountId, id, rotation, actor)), secret };
  }

  /** Sends a test event soon, once. Resolves to its id. */
  async test(accountId: AccountId, id: WebhookId): Promise<string> {
    const { isEnabled } = await this.get(accountId, id);
    if (!isEnabled)
      throw new AppError('invalid_request', 'The webhook is disabled: enable it first.', {
        reason: 'WEBHOOK_DISABLED',
      });
    return this.log.addTest(id);
  }

  /** The attempts, the newest first. */
  async attempts(
    accountId: AccountId,
    id: WebhookId,
    request: AttemptPageRequest,
  ): Promise<AttemptPage> {
    await this.get(accountId, id);
    return this.log.page(id, request);
  }

  /** Every attempt, page by page, for an export. */
  allAttempts({ id }: Webhook): AsyncIterable<readonly AttemptRecord[]> {
    return this.log.pages(id);
  }

  #targetOf(url: string): string {
    const problem = urlProblem(url, this.settings.privateTargets);
    if (problem === null) return targetOf(new URL(url));
    throw new AppError('invalid_request', problem, { field: 'url', reason: 'WEBHOOK_URL' });
  }
}

function found(webhook: Webhook | null): Webhook {
  if (webhook === null) throw new AppError('not_found', 'Webhook not found');
  return webhook;
}

function requireUnused(others: readonly Webhook[], name: string): void {
  const same = others.find((other) => other.name.toLowerCase() === name.toLowerCase());
  if (same === undefined) return;
  throw new AppError('invalid_request', `The account has a webhook named ${same.name}.`, {
    field: 'name',
    reason: 'WEBHOOK_EXISTS',
    id: same.id,
    hint: 'Change it, rotate its secret, or choose another name.',
  });
}

function tooMany(): AppError {
  return new AppError('invalid_request', `An account has at most ${WEBHOOKS_MAX} webhooks.`, {
    reason: 'TOO_MANY_WEBHOOKS',
    hint: 'Delete one that is not used any more.',
  });
}
