/**
 * The result of one DNS question. `nodata` and `nxdomain` are answers: the record or the name does not exist. The
 * statuses of the last line are failures, from which nothing about the name may be concluded; `unasked`: there was no
 * look-up yet.
 */
export type DnsAnswer<T> =
  | { status: 'ok'; values: T[]; ttlSeconds: number | null }
  | { status: 'nodata' | 'nxdomain' }
  | { status: 'servfail' | 'refused' | 'timeout' | 'error' | 'unasked' };

/** Each value once, with the shortest of the TTLs. */
export function foundAnswer<T>(
  values: readonly T[],
  ttls: readonly (number | null)[],
): DnsAnswer<T> {
  const known = ttls.filter((ttl) => ttl !== null);
  const ttlSeconds = known.length > 0 ? Math.min(...known) : null;
  return { status: 'ok', values: [...new Set(values)], ttlSeconds };
}

/** Empty unless the status is `ok`. */
export function valuesOf<T>(answer: DnsAnswer<T>): T[] {
  return answer.status === 'ok' ? answer.values : [];
}

/** True for a failure: nothing may be concluded from it. */
export function hasFailed(answer: DnsAnswer<unknown>): boolean {
  return answer.status !== 'ok' && answer.status !== 'nodata' && answer.status !== 'nxdomain';
}
