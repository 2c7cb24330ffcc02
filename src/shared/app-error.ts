/** What can go wrong, in the product's words. Presentation turns a code into a status; errors know no HTTP. */
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
  | 'busy'
  | 'unavailable';

interface AppErrorOptions {
  readonly cause?: unknown;
  /** Seconds after which trying again makes sense. */
  readonly retryAfterSeconds?: number;
  /** The field of the request that is at fault, as the wire calls it. */
  readonly field?: string;
  /** What to do about it, where `message` is a wire constant that cannot say so. */
  readonly hint?: string;
  /** Which of several reasons it is: stable, for programs. */
  readonly reason?: string;
}

/** The one error class of the product. `message` is for the caller; what is for us goes into `cause`. */
export class AppError extends Error {
  readonly retryAfterSeconds: number | undefined;
  readonly field: string | undefined;
  readonly hint: string | undefined;
  readonly reason: string | undefined;

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
  }
}

const RETRY_AFTER_SECONDS = 5;

/** The message of every `unavailable` error, and of answers that have no error behind them. */
export const UNAVAILABLE_MESSAGE = 'The service is not available right now. Please try again.';

/** AppError `unavailable`: the service cannot answer now. `cause` is for the log. */
export function unavailable(cause: unknown): AppError {
  return new AppError('unavailable', UNAVAILABLE_MESSAGE, {
    cause,
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}

/** The value of a Retry-After header: whole seconds, at least 1; 5 when the error names none. */
export function retryAfterSecondsOf(error: unknown): number {
  const seconds = error instanceof AppError ? error.retryAfterSeconds : undefined;
  return Math.max(1, Math.ceil(seconds ?? RETRY_AFTER_SECONDS));
}
