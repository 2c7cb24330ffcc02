/**
 * The process's clock, for what decides nothing: labels, jitter, schedules in memory.
 * What decides (expiry, claims, leases) is compared by the database with its own clock.
 */
export abstract class Clock {
  abstract now(): Date;
}

export class SystemClock extends Clock {
  now(): Date {
    return new Date();
  }
}
