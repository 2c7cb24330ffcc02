import { DAY_SECONDS } from './durations.js';

/** Of a new passphrase, in characters. */
export const PASSPHRASE_LENGTH = { min: 4, max: 128 } as const;
/** Of the time to live that can be set for a domain, in seconds. The plan of an account can have a lower maximum. */
export const TTL_SECONDS = { min: 60, max: 30 * DAY_SECONDS } as const;
