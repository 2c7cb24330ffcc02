import type { SetupOutcome } from '../../domains/domain-setup.js';

const UNAVAILABLE: ReadonlySet<string> = new Set(['server_error', 'temporarily_unavailable']);

/**
 * What a DNS provider says by `error` and `error_description` (RFC 6749). Its own words are shown nowhere: whoever has the
 * address can write any.
 */
export function outcomeOf(query: Readonly<Record<string, unknown>>): SetupOutcome {
  const error = textIn(query['error']);
  if (error === '') return 'returned';
  const isCancelled =
    error === 'access_denied' || /^user_cancel/i.test(textIn(query['error_description']));
  if (isCancelled) return 'cancelled';
  return UNAVAILABLE.has(error) ? 'unavailable' : 'rejected';
}

function textIn(value: unknown): string {
  const [first] = [value].flat();
  return typeof first === 'string' ? first : '';
}
