import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Counter, Registry } from 'prom-client';
import { ClockWatch } from '../../database/clock-watch.js';
import { Clock } from '../../shared/clock.js';
import { MINUTE, SECOND } from '../../shared/durations.js';
import { loggerFor } from '../../shared/log-scope.js';
import type { AcmeCa } from '../../acme/acme-ca.js';
import { AcmeClient } from '../../acme/acme-client.js';
import { localProblem } from '../../acme/acme-problem.js';
import { newPrivateKeyPem } from '../../acme/certificate-request.js';
import { KeyVault, type KeyPlace } from '../key-vault.js';
import type { AcmeAccountEntity } from './acme-account.entity.js';
import { AcmeAccountStore } from './acme-account.store.js';

const LEASE = MINUTE;
const POLL_EVERY = SECOND / 4;
/** More than any CA has. */
const OFFERS_MAX = 20;

/** One client for each CA, with the region's account there. */
@Injectable()
export class AcmeAccounts implements OnModuleDestroy {
  readonly #clients = new Map<string, Promise<AcmeClient>>();
  readonly #stopping = new AbortController();
  readonly #owner = randomUUID();
  readonly #logger = loggerFor(AcmeAccounts.name);
  readonly #replaced: Counter<'ca'>;

  constructor(
    private readonly store: AcmeAccountStore,
    private readonly vault: KeyVault,
    private readonly clock: Clock,
    private readonly watch: ClockWatch,
    registry: Registry,
  ) {
    this.#replaced = new Counter({
      name: 'gateway_ca_accounts_replaced_total',
      help: 'Accounts at a CA that were registered anew because the key of the old one did not open',
      labelNames: ['ca'],
      registers: [registry],
    });
  }

  /** Registers the account if it is not registered. @throws AcmeProblem; the next call retries */
  open(ca: AcmeCa): Promise<AcmeClient> {
    const known = this.#clients.get(ca.name);
    if (known !== undefined) return known;
    const opening = this.#open(ca);
    this.#clients.set(ca.name, opening);
    opening.catch(() => this.#clients.delete(ca.name));
    return opening;
  }

  /** The types of challenges that the CA offered lately, to whichever process. */
  async offers(ca: AcmeCa): Promise<readonly string[]> {
    return (await this.store.find(ca))?.offers ?? [];
  }

  async noteOffers(ca: AcmeCa, types: readonly string[]): Promise<void> {
    await this.store.noteOffers(ca, [...new Set(types)].toSorted().slice(0, OFFERS_MAX));
  }

  /** For a CA that no longer knows the account: the next open() registers the same key again. */
  async forget(ca: AcmeCa): Promise<void> {
    const client = await this.#clients.get(ca.name);
    this.#clients.delete(ca.name);
    if (client === undefined) return;
    await this.store.forget(ca, await client.ensureAccount());
    client.close();
  }

  async onModuleDestroy(): Promise<void> {
    this.#stopping.abort();
    for (const opening of this.#clients.values()) (await opening.catch(() => null))?.close();
  }

  async #open(ca: AcmeCa): Promise<AcmeClient> {
    const giveUpAt = performance.now() + LEASE;
    for (;;) {
      const row = await this.store.find(ca);
      if (row === null) {
        await this.store.keepKey(ca, this.vault.seal(await newPrivateKeyPem(), placeOf(ca)));
        continue;
      }
      const accountKeyPem = await this.#keyOf(ca, row);
      if (accountKeyPem === null) continue;
      if (row.accountUrl !== null) return this.#clientOf(ca, accountKeyPem, row.accountUrl);
      const fence = await this.store.lease(ca, this.#owner, LEASE / SECOND);
      if (fence !== null) return this.#register(ca, accountKeyPem, fence);
      // Another process is registering the account.
      if (performance.now() > giveUpAt) {
        throw localProblem(
          'connection',
          `the account at ${ca.name} is not registered yet`,
        ).asServiceProblem();
      }
      await delay(POLL_EVERY, undefined, { signal: this.#stopping.signal });
    }
  }

  /** Null: it does not open and was replaced, by this process or another. @throws AppError when it may be right elsewhere */
  async #keyOf(ca: AcmeCa, row: AcmeAccountEntity): Promise<string | null> {
    try {
      return this.vault.open(row, placeOf(ca));
    } catch (err) {
      const fresh = this.vault.seal(await newPrivateKeyPem(), placeOf(ca));
      const isReplaced = await this.store.replaceKey(ca, row, fresh, this.vault.versions);
      if (!isReplaced) {
        const present = await this.store.find(ca);
        if (present?.sealed.equals(row.sealed) === true) throw err;
        return null;
      }
      this.#replaced.inc({ ca: ca.name });
      const { accountUrl, keyVersion } = row;
      this.#logger.error(
        { ca: ca.name, accountUrl, keyVersion, err },
        'the key of the ACME account does not open, registering a new account: CAA records with its accounturi must be changed',
      );
      return null;
    }
  }

  async #register(ca: AcmeCa, accountKeyPem: string, fence: string): Promise<AcmeClient> {
    const client = this.#clientOf(ca, accountKeyPem, null);
    try {
      await this.store.saveUrl(ca, fence, await client.registerAccount());
      return client;
    } catch (error) {
      client.close();
      await this.store.release(ca, fence);
      throw error;
    }
  }

  #clientOf(ca: AcmeCa, accountKeyPem: string, accountUrl: string | null): AcmeClient {
    const { signal } = this.#stopping;
    const onDate = (now: number) => this.watch.observe(ca.name, now);
    return new AcmeClient({ ca, accountKeyPem, accountUrl, clock: this.clock, signal, onDate });
  }
}

function placeOf(ca: AcmeCa): KeyPlace {
  return { kind: 'account', name: ca.name, version: 0 };
}
