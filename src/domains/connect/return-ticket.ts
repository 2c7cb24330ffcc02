import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { Region } from '../../config/region.js';
import type { RootKey, RootKeys } from '../../config/root-key.js';
import { DAY } from '../../shared/durations.js';

/** The claim that a browser comes back to from its DNS provider. */
export interface ReturningClaim {
  readonly extid: string;
  /** A claim that is made anew has another one, and its old tickets end. */
  readonly targetLabel: string;
}

export interface ReturnTicket {
  readonly extid: string;
  readonly day: number;
  readonly tag: string;
}

// Only characters that every encoder of a URL leaves as they are.
const TICKET = /^(cd[0-9a-z]{18})\.(\d{1,6})\.([0-9a-f]{32})$/;
const GOOD_FOR_DAYS = 2;
const KEY_BYTES = 32;
const TAG_LENGTH = 32;

/** The last part of the address to which the provider sends the browser back. It needs no row and no session. */
export function newReturnTicket(
  rootKeys: RootKeys,
  region: Region,
  claim: ReturningClaim,
  now: Date,
): string {
  const day = dayOf(now);
  return `${claim.extid}.${day}.${tagOf(rootKeys[0], region, claim, day)}`;
}

/** Null: it is no ticket at all. */
export function parseReturnTicket(text: string): ReturnTicket | null {
  const [, extid, day, tag] = TICKET.exec(text) ?? [];
  if (extid === undefined || day === undefined || tag === undefined) return null;
  return { extid, day: Number(day), tag };
}

/** Whether we made the ticket for this claim, lately. Accepts any root key of the region. */
export function isTicketOf(
  { extid, day, tag }: ReturnTicket,
  rootKeys: RootKeys,
  region: Region,
  claim: ReturningClaim,
  now: Date,
): boolean {
  const age = dayOf(now) - day;
  if (extid !== claim.extid || age < 0 || age > GOOD_FOR_DAYS) return false;
  return rootKeys
    .map((root) => timingSafeEqual(Buffer.from(tag), Buffer.from(tagOf(root, region, claim, day))))
    .includes(true);
}

export function dayOf(instant: Date): number {
  return Math.floor(instant.getTime() / DAY);
}

function tagOf(root: RootKey, region: Region, claim: ReturningClaim, day: number): string {
  const context = `domain connect return ${region}`;
  const key = Buffer.from(hkdfSync('sha256', root.bytes, '', context, KEY_BYTES));
  return createHmac('sha256', key)
    .update(`${claim.extid}|${day}|${claim.targetLabel}`)
    .digest('hex')
    .slice(0, TAG_LENGTH);
}
