import type { AccountPlan } from '../accounts/plans.js';

/** The answer to a failed request. A body that is an object is sent as JSON, a string unchanged. */
export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object | string;
}

/** The parts of the failed request that an answer may depend on. */
export interface ErrorPlace {
  /** The request's path, without its query. */
  readonly path: string;
  /** The `:key` of the path as it arrived, if the route has one. */
  readonly keyParam: string | null;
  readonly requestId: string;
  /** Whether the request has credentials, valid or not. */
  readonly hasCredentials: boolean;
  /** Null without an account. */
  readonly plan: AccountPlan | null;
}

/** With a 415 (RFC 9110 section 12.5.3): a body without a Content-Encoding is accepted. */
export const ACCEPTED_ENCODING = { 'accept-encoding': 'identity' } as const;
