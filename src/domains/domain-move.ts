import type { z } from 'zod';
import type { Region } from '../config/region.js';

export type MoveId = string & z.$brand<'MoveId'>;

/** How long a name may take to be led to its new region. */
export const MOVE_DAYS = 30;

/** The name has led to its new region for so long that no resolver remembers where it led before. */
export const MOVED_AFTER_HOURS = 48;

/**
 * After the end of a move its new region looks up where the name leads: resolvers may have the record that was there at
 * the end for so long.
 */
export const OLD_RECORD_HOURS = 2;

/** After the end of a move its new region waits for so long for a look-up that tells where the name leads. */
export const LOOKED_UP_WITHIN_DAYS = 3;

/**
 * accepted: the new region's account has entered the code. preparing: the new region gets a certificate.
 * ready_to_switch: it serves the name, whose record can be changed. switched: the name leads there. done: the claim of the
 * old region has ended by itself.
 */
export const MOVE_STATES = [
  'accepted',
  'preparing',
  'ready_to_switch',
  'switched',
  'done',
  'cancelled',
  'expired',
] as const;
export type MoveState = (typeof MOVE_STATES)[number];

export function isEnded(state: MoveState): state is 'done' | 'cancelled' | 'expired' {
  return state === 'done' || state === 'cancelled' || state === 'expired';
}

/**
 * The name has led to its new region for so long after the end of the move, and that region has not said that it serves
 * it: it is not asked any more.
 */
export const GIVEN_UP_AFTER_DAYS = 30;

/** Why it is not known how far the other region is: it does not answer, or it has no such move, as after a restore. */
export const SILENCES = ['unreachable', 'unknown'] as const;
export type Silence = (typeof SILENCES)[number];

/** The move of a name between two regions, as one of them sees it. */
export interface DomainMove {
  readonly id: MoveId;
  /** `in`: to this region. */
  readonly direction: 'in' | 'out';
  /** The other region. */
  readonly region: Region;
  readonly state: MoveState;
  readonly createdAt: Date;
  /** When the move ends if the name was not led to its new region by then. */
  readonly expiresAt: Date;
  /** When the other region last said how far it is; null: not yet. */
  readonly heardAt: Date | null;
  /** Null: its last answer told. */
  readonly silence: Silence | null;
  readonly silentSince: Date | null;
}
