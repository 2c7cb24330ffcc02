import type { FastifyReply } from 'fastify';
import { isExceeded, rateLimited, type Standing } from '../limits/rate-limits.js';

/**
 * Writes where a caller stands into the response (draft-ietf-httpapi-ratelimit-headers).
 * @param options isSilent: only when the limit is exceeded
 * @throws AppError `rate_limited` when the limit is exceeded
 */
export function applyStanding(
  reply: FastifyReply,
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
  if (refused) throw rateLimited(resets);
}
