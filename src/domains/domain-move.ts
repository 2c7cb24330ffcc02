import type { z } from 'zod';
import type { Region } from '../config/region.js';

export type MoveId = string & z.$brand<'MoveId'>;

/** How long a name may take to be led to its new region. */
export const MOVE_DAYS = 30;

/** The name has led to its new region for so long that no resolver remembers where it led before. */
export const MOVED_AFTER_HOURS = 48;

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
}
