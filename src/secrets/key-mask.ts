import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type Statement, Statements } from '../database/statements.js';
import { AppError } from '../shared/app-error.js';
import { Clock } from '../shared/clock.js';
import { SECOND } from '../shared/durations.js';
import { type KeyPurpose, dateOf, dayOf, expiryDayOf, lookupOf, mintKey } from './secret-key.js';

/** Where a row lies: its lookup hash, and the partition (`2026-11-23`) that is asked for it. */
export interface Address {
  readonly lookup: Buffer;
  readonly expiresOn: string;
}

export interface MintedKey extends Address {
  readonly key: string;
}

const FIND_MASK: Statement = { name: 'key_masks_find', text: 'select mask from key_masks' };

/**
 * Mints keys and tells where a key leads, with the mask that hides the day in them. The mask lies in
 * the database, one for all processes of the region; it opens nothing, and outlives every root key.
 */
@Injectable()
export class KeyMask implements OnModuleInit {
  #mask: Promise<Buffer> | null = null;

  constructor(
    private readonly statements: Statements,
    private readonly clock: Clock,
  ) {}

  /** Reads the mask ahead. A database that is away now is asked again by the first request. */
  async onModuleInit(): Promise<void> {
    await this.#load().catch((error: unknown) => {
      if (!(error instanceof AppError)) throw error;
    });
  }

  /** A fresh key for a row that lives `ttlSeconds` from now. */
  async mint(purpose: KeyPurpose, ttlSeconds: number): Promise<MintedKey> {
    const expiry = dayOf(new Date(this.clock.now().getTime() + ttlSeconds * SECOND));
    const key = mintKey(await this.#load(), expiry);
    return { key, lookup: lookupOf(purpose, key), expiresOn: dateOf(expiry) };
  }

  /** Any text has an address; only a key that was minted has a row there. */
  async addressOf(purpose: KeyPurpose, key: string): Promise<Address> {
    const expiry = expiryDayOf(await this.#load(), key, dayOf(this.clock.now()));
    return { lookup: lookupOf(purpose, key), expiresOn: dateOf(expiry) };
  }

  #load(): Promise<Buffer> {
    this.#mask ??= this.#read().catch((error: unknown) => {
      this.#mask = null;
      throw error;
    });
    return this.#mask;
  }

  async #read(): Promise<Buffer> {
    const [row] = await this.statements.run<{ mask: Buffer }>(FIND_MASK, []);
    if (row === undefined)
      throw new Error('key_masks is empty: no link of this region can be found');
    return row.mask;
  }
}
