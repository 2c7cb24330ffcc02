import { createSecretKey, type KeyObject } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { isConnectionFailure } from '../database/connection-failure.js';
import { AppError, unavailable } from '../shared/app-error.js';
import { Clock } from '../shared/clock.js';
import { SECOND } from '../shared/durations.js';
import { KeyMaskEntity } from './key-mask.entity.js';
import { type KeyPurpose, dateOf, dayOf, expiryDayOf, lookupOf, mintKey } from './secret-key.js';

/** Where a row is stored: its lookup hash, and the day of its partition (`2026-11-23`). */
export interface Address {
  readonly lookup: Buffer;
  readonly expiresOn: string;
}

export interface MintedKey extends Address {
  readonly key: string;
}

/**
 * Mints keys and finds the address of a key, by the mask that hides the expiry day in it. The mask is one row in the
 * region's database and never changes. It decrypts nothing.
 */
@Injectable()
export class KeyMask implements OnModuleInit {
  #mask: Promise<KeyObject> | null = null;

  constructor(
    @InjectRepository(KeyMaskEntity) private readonly masks: Repository<KeyMaskEntity>,
    private readonly clock: Clock,
  ) {}

  /** Reads the mask in advance. When the database cannot be reached now, the first request reads it. */
  async onModuleInit(): Promise<void> {
    await this.#load().catch((error: unknown) => {
      if (!(error instanceof AppError)) throw error;
    });
  }

  /** A new key for a row that expires in `ttlSeconds`. */
  async mint(purpose: KeyPurpose, ttlSeconds: number): Promise<MintedKey> {
    const expiry = dayOf(new Date(this.clock.now().getTime() + ttlSeconds * SECOND));
    const key = mintKey(await this.#load(), expiry);
    return { key, lookup: lookupOf(purpose, key), expiresOn: dateOf(expiry) };
  }

  /** Every text has an address; only a minted key has a row there. */
  async addressOf(purpose: KeyPurpose, key: string): Promise<Address> {
    const expiry = expiryDayOf(await this.#load(), key, dayOf(this.clock.now()));
    return { lookup: lookupOf(purpose, key), expiresOn: dateOf(expiry) };
  }

  #load(): Promise<KeyObject> {
    this.#mask ??= this.#read().catch((error: unknown) => {
      this.#mask = null;
      throw error;
    });
    return this.#mask;
  }

  /** Once per process. @throws AppError `unavailable` when the database cannot serve now */
  async #read(): Promise<KeyObject> {
    const row = await this.masks.findOneBy({ isOnly: true }).catch((error: unknown) => {
      throw isConnectionFailure(error) ? unavailable(error) : error;
    });
    if (row === null) throw new Error('key_masks is empty: no link of this region can be found');
    return createSecretKey(row.mask);
  }
}
