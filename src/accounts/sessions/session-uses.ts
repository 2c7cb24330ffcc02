import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { NotedUses } from '../../database/noted-uses.js';
import type { Network } from '../../shared/network.js';
import type { SessionId } from './session.js';
import { SessionStore } from './session.store.js';

/** Notes the last use of sessions, from which their idle time counts: a request notes it every few minutes. */
@Injectable()
export class SessionUses implements OnModuleInit, OnModuleDestroy {
  readonly #uses: NotedUses<SessionId, Network>;

  constructor(sessions: SessionStore) {
    this.#uses = new NotedUses(SessionUses.name, (uses) => sessions.noteUses(uses));
  }

  onModuleInit(): void {
    this.#uses.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.#uses.stop();
  }

  note(id: SessionId, network: Network): void {
    this.#uses.note(id, network);
  }

  write(): Promise<void> {
    return this.#uses.write();
  }
}
