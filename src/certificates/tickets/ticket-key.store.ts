import { Injectable } from '@nestjs/common';
import { type Statement, Statements } from '../../database/statements.js';
import { AppError } from '../../shared/app-error.js';
import { SECOND } from '../../shared/durations.js';
import { KeyVault, type KeyPlace } from '../key-vault.js';
import {
  newTicketSecret,
  TICKET_KEY_PERIOD,
  TICKET_LIFETIME,
  type TicketKey,
} from './ticket-keys.js';

/** The keys that this process can open, in performance.now(). */
export interface StoredTicketKeys {
  readonly keys: readonly TicketKey[];
  /** The period of the database's clock. */
  readonly period: number;
  /** Those that `keys` has. */
  readonly periods: ReadonlySet<number>;
  /** How long the period still lasts, in milliseconds. */
  readonly left: number;
}

interface Row {
  readonly now: number;
  readonly period: number | null;
  readonly keyVersion: number;
  readonly sealed: Buffer;
}

const PERIOD_SECONDS = TICKET_KEY_PERIOD / SECOND;
const LIFETIME_SECONDS = TICKET_LIFETIME / SECOND;

// A row without a key when there is none. The lowest version first: in a rotation of the root key, every process has it.
const FIND: Statement = {
  name: 'ticket_keys_find',
  text: `
    select extract(epoch from clock_timestamp())::float8 as now, k.period,
      k.key_version as "keyVersion", k.sealed_secret as sealed
    from (values (true)) as one left join ticket_keys k on true
    order by k.period, k.key_version`,
};

// The first process wins. A key for which this process lacks the root key does not count.
const ADD: Statement = {
  name: 'ticket_keys_add',
  text: `
    insert into ticket_keys (period, key_version, sealed_secret)
    select $1::int, $2::int, $3::bytea
    where not exists (
      select from ticket_keys where period = $1::int and key_version = any($4::int[])
    ) and $1::int between floor(extract(epoch from now()) / ${PERIOD_SECONDS})
      and floor(extract(epoch from now()) / ${PERIOD_SECONDS}) + 1
    on conflict do nothing`,
};

// Every ticket that such a key sealed has expired.
const DESTROY: Statement = {
  name: 'ticket_keys_destroy',
  text: `
    delete from ticket_keys
    where period < floor((extract(epoch from now()) - ${LIFETIME_SECONDS}) / ${PERIOD_SECONDS})`,
};

/** The region's secrets of session tickets, sealed under the root key. */
@Injectable()
export class TicketKeyStore {
  constructor(
    private readonly statements: Statements,
    private readonly vault: KeyVault,
  ) {}

  async find(): Promise<StoredTicketKeys> {
    const rows = await this.statements.run<Row>(FIND, []);
    const at = performance.now();
    const now = (rows[0]?.now ?? 0) * SECOND;
    const period = Math.floor(now / TICKET_KEY_PERIOD);
    const opened = new Map<number, TicketKey>();
    for (const row of rows) {
      if (row.period === null || opened.has(row.period)) continue;
      const secret = this.#open(row, row.period);
      if (secret === null) continue;
      const sealsFrom = at + row.period * TICKET_KEY_PERIOD - now;
      const sealsUntil = sealsFrom + TICKET_KEY_PERIOD;
      const opensUntil = sealsUntil + TICKET_LIFETIME;
      opened.set(row.period, { secret, sealsFrom, sealsUntil, opensUntil });
    }
    return {
      keys: [...opened.values()],
      period,
      periods: new Set(opened.keys()),
      left: (period + 1) * TICKET_KEY_PERIOD - now,
    };
  }

  /** Unless another process has stored one. */
  async add(period: number): Promise<void> {
    const { sealed, keyVersion } = this.vault.seal(
      newTicketSecret().toString('base64'),
      placeOf(period),
    );
    await this.statements.run(ADD, [period, keyVersion, sealed, this.vault.versions]);
  }

  async destroyOld(): Promise<void> {
    await this.statements.run(DESTROY, []);
  }

  #open({ sealed, keyVersion }: Row, period: number): Buffer | null {
    if (!this.vault.versions.includes(keyVersion)) return null;
    try {
      return Buffer.from(this.vault.open({ sealed, keyVersion }, placeOf(period)), 'base64');
    } catch (error) {
      if (error instanceof AppError) return null;
      throw error;
    }
  }
}

function placeOf(period: number): KeyPlace {
  return { kind: 'ticket key', name: String(period), version: 0 };
}
