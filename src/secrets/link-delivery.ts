import type { Caller } from '../auth/caller.js';
import type { StatementPart } from '../database/statement-part.js';
import type { Hostname } from '../shared/hostname.js';

/** A new link that its sender wants to reach somebody. */
export interface NewLink {
  /** The whole address. It is not stored in clear. */
  readonly recipient: string;
  readonly secretKey: string;
  /** The custom domain in the link, or null. */
  readonly domain: Hostname | null;
  readonly ttlSeconds: number;
  readonly hasPassphrase: boolean;
  /** What the sender has asked for, not parsed yet. */
  readonly language: string | null;
}

/** Gives a link to its recipient. How, this room does not know. */
export abstract class LinkDelivery {
  /** False: nobody gets a link. */
  abstract readonly isOpen: boolean;

  /** A part for the statement that stores the secret: both happen or neither. Null: the recipient does not get the link. */
  abstract partFor(caller: Caller, link: NewLink): Promise<StatementPart | null>;
}
