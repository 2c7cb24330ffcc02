import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { NotedUses } from '../../database/noted-uses.js';
import type { Network } from '../../shared/network.js';
import { TokenStore, type TokenUse } from './token.store.js';

/** Dates the last use of tokens: a request notes the first use of a day. */
@Injectable()
export class TokenUses implements OnModuleInit, OnModuleDestroy {
  readonly #uses: NotedUses<string, TokenUse>;

  constructor(tokens: TokenStore) {
    this.#uses = new NotedUses(TokenUses.name, (uses) => tokens.noteUses([...uses.values()]));
  }

  onModuleInit(): void {
    this.#uses.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.#uses.stop();
  }

  /** @param tokenHash of the value by which the caller signed in: a rotation gives its row another value */
  note(tokenHash: Buffer, network: Network): void {
    this.#uses.note(tokenHash.toString('base64'), { tokenHash, network });
  }

  write(): Promise<void> {
    return this.#uses.write();
  }
}
