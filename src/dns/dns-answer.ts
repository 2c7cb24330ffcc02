/**
 * What one DNS question gave. `nodata` and `nxdomain` are answers ("it is not there"); the statuses of
 * the last line are failures, from which nothing about the domain may be concluded.
 */
export type DnsAnswer<T> =
  | { status: 'ok'; values: T[]; ttlSeconds: number | null }
  | { status: 'nodata' | 'nxdomain' }
  | { status: 'servfail' | 'refused' | 'timeout' | 'error' };

/** The values, or none. */
export function valuesOf<T>(answer: DnsAnswer<T>): T[] {
  return answer.status === 'ok' ? answer.values : [];
}

/** True when nothing may be concluded from the answer. */
export function hasFailed(answer: DnsAnswer<unknown>): boolean {
  return answer.status !== 'ok' && answer.status !== 'nodata' && answer.status !== 'nxdomain';
}
