import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { randomBase36 } from '../../shared/base36.js';
import { MINUTE } from '../../shared/durations.js';
import type { Network } from '../../shared/network.js';
import { SealedMemory } from '../frame/sealed-memory.js';

const TICKET_LENGTH = 31;

/** Generated values on their way to the page that shows them to their sender, which is another request. */
@Injectable()
export class GeneratedValues implements OnModuleDestroy {
  readonly #memory = new SealedMemory(MINUTE);

  /** The ticket that gives the value back, for one minute and to this process only. */
  keep(metadataKey: string, value: string, network: Network): string {
    const ticket = randomBase36(TICKET_LENGTH);
    this.#memory.keep(`${metadataKey} ${ticket}`, value, network);
    return ticket;
  }

  recall(metadataKey: string, ticket: string): string | null {
    return this.#memory.recall(`${metadataKey} ${ticket}`);
  }

  onModuleDestroy(): void {
    this.#memory.clear();
  }
}
