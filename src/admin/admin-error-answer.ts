import type { ErrorAnswer } from '../api/error-answer.js';
import { typedErrorAnswer } from '../api/typed-errors.js';
import { knownError } from '../database/known-error.js';
import { AppError } from '../shared/app-error.js';
import { SCOPE_MISSING } from './admin-credentials.js';

const REALM = 'Bearer realm="admin"';

/** The parts of a failed request that its answer depends on. */
export interface AdminErrorPlace {
  readonly requestId: string;
  readonly hasCredentials: boolean;
  /** The scope of its operation; null for an unknown route. */
  readonly scope: string | null;
}

/** The answer to anything thrown: that of the typed APIs, with the challenges of RFC 6750 section 3. */
export function adminErrorAnswer(thrown: unknown, place: AdminErrorPlace): ErrorAnswer {
  const error = knownError(thrown);
  const { requestId, hasCredentials, scope } = place;
  const unknown = { path: '', keyParam: null, plan: null };
  const answer = typedErrorAnswer(error, { ...unknown, requestId, hasCredentials });
  if (answer.status === 401) {
    const challenge = hasCredentials ? `${REALM}, error="invalid_token"` : REALM;
    return {
      status: 401,
      headers: { 'www-authenticate': challenge },
      body: {
        error: 'Authentication Required',
        error_type: 'Unauthorized',
        message: 'Send the key as "Authorization: Bearer KEY".',
        request_id: requestId,
      },
    };
  }
  if (error instanceof AppError && error.reason === SCOPE_MISSING && scope !== null) {
    const challenge = `${REALM}, error="insufficient_scope", scope="${scope}"`;
    return { ...answer, headers: { ...answer.headers, 'www-authenticate': challenge } };
  }
  return answer;
}

export function adminStatusOf(thrown: unknown): number {
  return adminErrorAnswer(thrown, { requestId: '', hasCredentials: true, scope: null }).status;
}
