/** Durations in milliseconds. */
export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Durations in seconds, for what the wire and the database count in seconds. */
export const DAY_SECONDS = 86_400;
