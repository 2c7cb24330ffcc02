import type { AccountPlan } from '../accounts/plans.js';

/** What a failed request is answered with. An object is sent as JSON, text as it is. */
export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object | string;
}

/** Where an error happened, as far as an answer may depend on it. */
export interface ErrorPlace {
  /** The request's path, without its query. */
  readonly path: string;
  /** The `:key` of the path as it arrived, if the route has one. */
  readonly keyParam: string | null;
  readonly requestId: string;
  /** Null without an account. */
  readonly plan: AccountPlan | null;
}

/** Whether a path is the API's: everything there is answered in JSON, everything else in HTML. */
export function isApiPath(path: string): boolean {
  const decoded = decodePath(path);
  return decoded === '/api' || decoded.startsWith('/api/');
}

/** Whether it belongs to the newer APIs, which answer errors with their own status and in one shape. */
export function isTypedApiPath(path: string): boolean {
  return /^\/api\/(?:domains|account)(?:\/|$)/.test(decodePath(path));
}

/** The router decodes before it matches, so `/%61pi/v1/share` is the API's too. */
function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
