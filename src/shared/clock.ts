/**
 * The process's clock, for labels, jitter and schedules in memory.
 * Expiry, claims and leases are decided by the database's clock.
 */
export abstract class Clock {
  abstract now(): Date;
}

export class SystemClock extends Clock {
  now(): Date {
    return new Date();
  }
}
