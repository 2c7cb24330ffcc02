import { Injectable } from '@nestjs/common';
import { createPublicKey } from 'node:crypto';
import { CellConfig } from '../../config/cell-config.js';
import type { DomainConnectConfig } from '../../config/domain-connect-config.js';
import { hasFailed, valuesOf } from '../../dns/dns-answer.js';
import { DnsResolver } from '../../dns/dns-resolver.js';
import { MINUTE, SECOND } from '../../shared/durations.js';
import { loggerFor } from '../../shared/log-scope.js';
import { readPublicKey, spkiOf } from './public-key-records.js';
import type { KeyState } from './setup-picture.js';

/** How long an answer counts. */
const FRESH_FOR: Readonly<Record<KeyState, number>> = {
  published: 10 * MINUTE,
  unpublished: 15 * SECOND,
  unknown: 15 * SECOND,
};
const DEADLINE = 2 * SECOND;

/** Whether DNS providers find the key that signs our links. With another one there, every link would be refused. */
@Injectable()
export class KeyPublication {
  readonly #logger = loggerFor(KeyPublication.name);
  #state: KeyState = 'unknown';
  #goodUntil = 0;
  #looking: Promise<void> | null = null;

  constructor(
    private readonly config: CellConfig,
    private readonly resolver: DnsResolver,
  ) {}

  /** By the last look. */
  get state(): KeyState {
    return this.#state;
  }

  /** Looks, unless somebody did lately. Nobody waits for it once there was an answer. Never rejects. */
  async refresh(): Promise<void> {
    const { domainConnect } = this.config;
    if (domainConnect === null || performance.now() < this.#goodUntil) return;
    this.#looking ??= this.#look(domainConnect).finally(() => (this.#looking = null));
    if (this.#state === 'unknown') await this.#looking;
  }

  async #look(domainConnect: DomainConnectConfig): Promise<void> {
    const found = await keyStateOf(domainConnect, this.resolver);
    // A failed look takes nothing back.
    const state = found === 'unknown' ? this.#state : found;
    if (state === 'unpublished' && this.#state !== 'unpublished') {
      const name = keyNameOf(domainConnect);
      this.#logger.warn({ name }, 'the key for DNS providers is not in the DNS: no links are made');
    }
    this.#state = state;
    this.#goodUntil = performance.now() + FRESH_FOR[found];
  }
}

/** `_dck1.onetime.example` */
export function keyNameOf({
  keyLabel,
  publicKeyDomain,
}: Pick<DomainConnectConfig, 'keyLabel' | 'publicKeyDomain'>): string {
  return `${keyLabel}.${publicKeyDomain}`;
}

export async function keyStateOf(
  domainConnect: DomainConnectConfig,
  resolver: DnsResolver,
): Promise<KeyState> {
  const signal = AbortSignal.timeout(DEADLINE);
  const { answer } = await resolver.lookup(keyNameOf(domainConnect), 'TXT', signal);
  if (hasFailed(answer)) return 'unknown';
  const own = spkiOf(createPublicKey(domainConnect.key));
  return readPublicKey(valuesOf(answer)) === own ? 'published' : 'unpublished';
}
