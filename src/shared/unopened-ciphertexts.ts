import { Counter, type Registry } from 'prom-client';
import { loggerFor } from './log-scope.js';

/** What a ciphertext holds. */
const KINDS = [
  'value',
  'secret key',
  'metadata key',
  'memo',
  'short id',
  'certificate',
  'order',
  'account',
  'mail',
  'webhook',
  'second factor',
  'ticket key',
] as const;
export type CiphertextKind = (typeof KINDS)[number];

/**
 * Tells the operator of each stored ciphertext that does not open. The root keys were verified at start and what else is
 * needed was at hand, so it is damaged, or was moved from another record: a person must look.
 */
export class UnopenedCiphertexts {
  readonly #logger = loggerFor(UnopenedCiphertexts.name);
  readonly #total: Counter<'kind'>;

  constructor(registry: Registry) {
    this.#total = new Counter({
      name: 'gateway_unopened_ciphertexts_total',
      help: 'Stored ciphertexts that did not open although the root key was right',
      labelNames: ['kind'],
      registers: [registry],
    });
    for (const kind of KINDS) this.#total.inc({ kind }, 0);
  }

  /** @param fields how to find the record; nothing secret */
  report(kind: CiphertextKind, fields: Readonly<Record<string, unknown>>): void {
    this.#total.inc({ kind });
    const err = new Error('authentication of the ciphertext failed');
    this.#logger.error({ kind, ...fields, err }, 'a stored ciphertext does not open');
  }
}
