import { isExceeded, rateLimited, type Standing } from './rate-limits.js';

/** What takes the headers of a response; a FastifyReply is one. */
export interface HeaderSink {
  headers(values: Record<string, string>): unknown;
}

/**
 * Writes where a caller stands into the response (draft-ietf-httpapi-ratelimit-headers).
 * @param options isSilent: only when the limit is exceeded
 * @throws AppError `rate_limited` when the limit is exceeded
 */
export function applyStanding(
  reply: HeaderSink,
  standing: Standing | null,
  options: { readonly isSilent?: boolean } = {},
): void {
  if (standing === null) return;
  const refused = isExceeded(standing);
  if (!refused && options.isSilent === true) return;
  const { burst, seconds, used, resetsIn } = standing;
  const name = standing.limit.toLowerCase().replaceAll('_', '-');
  const resets = Math.max(1, Math.ceil(resetsIn));
  reply.headers({
    'ratelimit-policy': `"${name}";q=${burst};w=${seconds}`,
    ratelimit: `"${name}";r=${Math.max(0, burst - used)};t=${resets}`,
  });
  if (refused) throw rateLimited(resets, { made: used, max: burst });
}
