/** The kinds of errors. The rooms `api` and `pages` map them to HTTP statuses. */
export type ErrorCode =
  | 'invalid_request'
  | 'not_authorized'
  | 'forbidden'
  | 'not_found'
  | 'secret_gone'
  | 'wrong_passphrase'
  | 'account_exists'
  | 'plan_required'
  | 'in_progress'
  | 'rate_limited'
  | 'payload_too_large'
  | 'request_timeout'
  | 'unsupported_encoding'
  | 'misdirected'
  | 'busy'
  | 'unavailable';

export interface Attempts {
  readonly made: number;
  readonly max: number;
}

interface AppErrorOptions {
  readonly cause?: unknown;
  /** Seconds after which the caller may retry. */
  readonly retryAfterSeconds?: number;
  /** The name of the invalid field, as in the request. */
  readonly field?: string;
  /** What the caller can do, where `message` is fixed by the API and does not say it. */
  readonly hint?: string;
  /** The API's id of the record that the error is about, if the caller may know it. */
  readonly id?: string;
  /** With `invalid_request`: the number that the field exceeds or does not reach. */
  readonly limit?: number;
  /** With `invalid_request`: a value like the one at fault that would be accepted. */
  readonly suggestion?: string;
  /** With `rate_limited`: how often it was tried, and how often it may be. */
  readonly attempts?: Attempts;
  /** A stable code for programs that tells several reasons of one error code apart. */
  readonly reason?: string;
}

/** The one error class of the product. `message` is for the caller, `cause` for the log. */
export class AppError extends Error {
  readonly retryAfterSeconds: number | undefined;
  readonly field: string | undefined;
  readonly hint: string | undefined;
  readonly reason: string | undefined;
  readonly id: string | undefined;
  readonly attempts: Attempts | undefined;
  readonly limit: number | undefined;
  readonly suggestion: string | undefined;

  constructor(
    readonly code: ErrorCode,
    message: string,
    options: AppErrorOptions = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.field = options.field;
    this.hint = options.hint;
    this.reason = options.reason;
    this.id = options.id;
    this.attempts = options.attempts;
    this.limit = options.limit;
    this.suggestion = options.suggestion;
  }
}

const RETRY_AFTER_SECONDS = 5;

/** The message of every `unavailable` error, and of the same answer when no error was thrown. */
export const UNAVAILABLE_MESSAGE = 'The service is not available right now. Please try again.';

/** AppError `unavailable`: the service cannot answer now. `cause` is for the log. */
export function unavailable(cause: unknown, reason?: string): AppError {
  return new AppError('unavailable', UNAVAILABLE_MESSAGE, {
    cause,
    retryAfterSeconds: RETRY_AFTER_SECONDS,
    ...(reason === undefined ? {} : { reason }),
  });
}

/** The value of a Retry-After header: whole seconds, at least 1; 5 when the error names none. */
export function retryAfterSecondsOf(error: unknown): number {
  const seconds = error instanceof AppError ? error.retryAfterSeconds : undefined;
  return Math.max(1, Math.ceil(seconds ?? RETRY_AFTER_SECONDS));
}
