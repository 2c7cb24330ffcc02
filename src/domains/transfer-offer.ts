import type { z } from 'zod';
import {
  hashConfirmationCode,
  newConfirmationCode,
} from '../accounts/email-change/confirmation-code.js';
import type { Region } from '../config/region.js';

export type TransferId = string & z.$brand<'TransferId'>;

/** How long a code that gives a domain away can be used. */
export const TRANSFER_DAYS = 7;

export const TRANSFER_STATES = ['offered', 'expired'] as const;

/** The offer of a domain to whoever enters its code. */
export interface TransferOffer {
  readonly id: TransferId;
  /** `expired`: nobody has entered the code in time. */
  readonly state: (typeof TRANSFER_STATES)[number];
  /** To an account of that region; null: of this one. */
  readonly region: Region | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

const CODE_DIGITS = 16;

/** The region's name and 82 random bits in groups of four: `eu-0123-4567-89ab-cdef`. */
export function newTransferCode(region: Region): string {
  return `${region}-${newConfirmationCode()}`;
}

/** A code as it was typed: neither letter case nor what stands between its parts counts. */
export interface TypedCode {
  /** The region that made it, or whatever stands before its digits; empty if nothing does. */
  readonly region: string;
  readonly hash: Buffer;
}

export function readTransferCode(text: string): TypedCode {
  const plain = text.toLowerCase().replaceAll(/[^0-9a-z]/g, '');
  const region = plain.slice(0, -CODE_DIGITS);
  return { region, hash: hashConfirmationCode(plain.slice(-CODE_DIGITS)) };
}
