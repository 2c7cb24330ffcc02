import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { DueLoop } from '../../database/due-loop.js';
import { SECOND } from '../../shared/durations.js';
import type { Network } from '../../shared/network.js';
import type { SessionId } from './session.js';
import { SessionStore } from './session.store.js';

const EVERY = 5 * SECOND;
const WAITING_MAX = 10_000;

/**
 * Notes the last use of sessions, from which their idle time counts: a request notes it in memory every few minutes, and one
 * statement writes what was noted. What a killed process had noted is noted again with the next request.
 */
@Injectable()
export class SessionUses implements OnModuleInit, OnModuleDestroy {
  readonly #waiting = new Map<SessionId, Network>();
  readonly #loop = new DueLoop({
    name: SessionUses.name,
    round: () => this.write(),
    everyMs: EVERY,
  });

  constructor(private readonly sessions: SessionStore) {}

  onModuleInit(): void {
    this.#loop.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#loop.stop();
    await this.write().catch(() => undefined);
  }

  note(id: SessionId, network: Network): void {
    if (this.#waiting.size < WAITING_MAX) this.#waiting.set(id, network);
  }

  async write(): Promise<void> {
    if (this.#waiting.size === 0) return;
    const uses = new Map(this.#waiting);
    await this.sessions.noteUses(uses);
    // A failed write keeps all.
    for (const id of uses.keys()) this.#waiting.delete(id);
  }
}
