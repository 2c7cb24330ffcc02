import { Module } from '@nestjs/common';
import { OutboxListeners } from './outbox-listeners.js';
import { OutboxReader } from './outbox-reader.js';

// What this room knows: events of accounts, who listens to them, and how far each reader has come.
// What it must not know: what an event means, or what its readers do about it.

/** Provides the readers' side to the whole cell; writers call appendEvent() and eventPart(). */
@Module({
  providers: [OutboxListeners, OutboxReader],
  exports: [OutboxListeners, OutboxReader],
})
export class OutboxModule {}
