import type { DataSource } from 'typeorm';
import { SECOND } from '../../shared/durations.js';
import { bad, good, type Finding } from './finding.js';

/** Certificates and leases survive more; a host whose clock runs by NTP is far below. */
const SKEW_MAX = 30;

export async function checkDatabaseClock(database: DataSource): Promise<Finding[]> {
  const asked = Date.now();
  const [{ now }] = await database.query<[{ now: number }]>(
    'select (extract(epoch from clock_timestamp()) * 1000)::float8 as now',
  );
  return [skewFinding('the database', (asked + Date.now()) / 2 - now)];
}

/** @param ahead milliseconds by which this host's clock is ahead */
export function skewFinding(other: string, ahead: number): Finding {
  const seconds = Math.abs(ahead) / SECOND;
  const found = `this host's clock is ${seconds.toFixed(1)} s ${ahead < 0 ? 'behind' : 'ahead of'} that of ${other}`;
  return seconds <= SKEW_MAX ? good(found) : bad(found, 'set both clocks by NTP');
}
