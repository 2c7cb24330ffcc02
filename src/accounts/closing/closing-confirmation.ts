import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { CellConfig } from '../../config/cell-config.js';
import { AppError } from '../../shared/app-error.js';
import { MINUTE } from '../../shared/durations.js';
import type { AccountId } from '../account.js';
import { ClosingStore } from './closing.store.js';

const MICROSECONDS = 1000n;
const CONFIRMATION = /^(\d{16})\.([\w-]{43})$/;
const VALID_FOR = 15 * MINUTE;

/** What the owner has seen of what goes: all that there was at one instant. */
export interface Confirmation {
  readonly text: string;
  readonly seenAt: Date;
  readonly expiresAt: Date;
}

/** Signs the instant at which an owner was shown what a closing destroys. What was added later was not seen. */
@Injectable()
export class ClosingConfirmations {
  constructor(
    private readonly config: CellConfig,
    private readonly store: ClosingStore,
  ) {}

  /** To be asked for before the account's things are counted. */
  async issue(accountId: AccountId): Promise<Confirmation> {
    const instant = await this.store.now();
    const [{ bytes }] = this.config.rootKeys;
    const text = `${instant}.${signatureOf(bytes, accountId, instant).toString('base64url')}`;
    return confirmationOf(text, instant);
  }

  /** Throws AppError `invalid_request` for a text that is not one of this account, or that is too old. */
  async read(accountId: AccountId, text: string): Promise<Confirmation> {
    const [, instant = '', signature = ''] = CONFIRMATION.exec(text) ?? [];
    const presented = Buffer.from(signature, 'base64url');
    const isOurs =
      instant !== '' &&
      this.config.rootKeys.some(({ bytes }) =>
        timingSafeEqual(signatureOf(bytes, accountId, instant), presented),
      );
    if (!isOurs) throw refused('This is not a confirmation of this account.', 'INVALID');
    const confirmation = confirmationOf(text, instant);
    if (confirmation.expiresAt.getTime() < millisecondsOf(await this.store.now()))
      throw refused('The confirmation has expired: look again at what goes.', 'EXPIRED');
    return confirmation;
  }
}

function signatureOf(key: Buffer, accountId: AccountId, instant: string): Buffer {
  return createHmac('sha256', key).update(`onetime closing ${accountId}\0${instant}`).digest();
}

function confirmationOf(text: string, instant: string): Confirmation {
  const seenAt = millisecondsOf(instant);
  return { text, seenAt: new Date(seenAt), expiresAt: new Date(seenAt + VALID_FOR) };
}

function millisecondsOf(instant: string): number {
  return Number(BigInt(instant) / MICROSECONDS);
}

function refused(message: string, code: string): AppError {
  return new AppError('invalid_request', message, {
    field: 'confirmation',
    reason: `CONFIRMATION_${code}`,
  });
}
