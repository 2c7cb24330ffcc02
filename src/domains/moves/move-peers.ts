import type { Region } from '../../config/region.js';
import type { MoveId, MoveState } from '../domain-move.js';

/**
 * What one region asks another about a move, on its own host and over verified HTTPS. There are no credentials but the code
 * that its owner was shown, and the id of the move. Null is the region's own word, about this code or move. Whatever else is
 * no answer, such as a 404 of another version or of something in between, is an AppError `unavailable`: it ends nothing.
 */
export abstract class MovePeers {
  /** The name that the code gives to this region; null: none. It changes nothing. */
  abstract look(region: Region, code: string): Promise<string | null>;

  /** Uses the code up, for this move alone: the same id may be sent again. Null: the code gives nothing. */
  abstract accept(region: Region, code: string, id: MoveId): Promise<string | null>;

  /** Null: the region has no such move. That is final for a code that was never used; it may also have been restored. */
  abstract stateOf(region: Region, id: MoveId): Promise<MoveState | null>;
}
