import type { z } from 'zod';
import type { AccountPlan } from '../accounts/plans.js';
import { BASE36_DIGITS, randomBase36 } from '../shared/base36.js';
import type { Domain } from './domain.js';

export type SetupLinkId = string & z.$brand<'SetupLinkId'>;

/** A link that shows the set-up of one claim to whoever has it: for the administrator of its DNS. */
export interface SetupLink {
  readonly id: SetupLinkId;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** What a link shows. The plan of the owner decides whether the name serves. */
export interface OpenedLink {
  readonly linkId: SetupLinkId;
  readonly expiresAt: Date;
  readonly domain: Domain;
  readonly ownerPlan: AccountPlan;
}

export const SETUP_LINK_DAYS = 14;
/** Of one claim, at once. */
export const SETUP_LINKS_MAX = 5;

// 165 random bits. One letter case: mail programs may change it.
const TOKEN_LENGTH = 32;
const TOKEN = new RegExp(`^[${BASE36_DIGITS}]{${TOKEN_LENGTH}}$`);

export function newSetupToken(): string {
  return randomBase36(TOKEN_LENGTH);
}

export function isSetupToken(text: string): boolean {
  return TOKEN.test(text);
}
