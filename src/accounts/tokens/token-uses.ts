import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { DueLoop } from '../../database/due-loop.js';
import { SECOND } from '../../shared/durations.js';
import type { Network } from '../../shared/network.js';
import { TokenStore, type TokenUse } from './token.store.js';

const EVERY = 5 * SECOND;
const WAITING_MAX = 10_000;

/**
 * Dates the last use of tokens: a request notes the first use of a day in memory, and one statement writes what was noted.
 * What a killed process had noted is noted again with the next use of the day.
 */
@Injectable()
export class TokenUses implements OnModuleInit, OnModuleDestroy {
  readonly #waiting = new Map<string, TokenUse>();
  readonly #loop = new DueLoop({
    name: TokenUses.name,
    round: () => this.write(),
    everyMs: EVERY,
  });

  constructor(private readonly tokens: TokenStore) {}

  onModuleInit(): void {
    this.#loop.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#loop.stop();
    // The next start notes what this cannot write.
    await this.write().catch(() => undefined);
  }

  /** @param tokenHash of the value by which the caller signed in: a rotation gives its row another value */
  note(tokenHash: Buffer, network: Network): void {
    const key = tokenHash.toString('base64');
    if (this.#waiting.size < WAITING_MAX && !this.#waiting.has(key))
      this.#waiting.set(key, { tokenHash, network });
  }

  async write(): Promise<void> {
    if (this.#waiting.size === 0) return;
    const uses = new Map(this.#waiting);
    await this.tokens.noteUses([...uses.values()]);
    // A failed write keeps all.
    for (const key of uses.keys()) this.#waiting.delete(key);
  }
}
