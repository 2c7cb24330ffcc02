/** What can go wrong, in the product's words. Presentation turns a code into a status; errors know no HTTP. */
export type ErrorCode =
  | 'invalid_request'
  | 'not_authorized'
  | 'not_found'
  | 'secret_gone'
  | 'wrong_passphrase'
  | 'account_exists'
  | 'payload_too_large'
  | 'busy'
  | 'unavailable';

export interface AppErrorOptions {
  readonly cause?: unknown;
  /** Seconds after which trying again makes sense. */
  readonly retryAfterSeconds?: number;
}

/** The one error class of the product. `message` is for the caller; what is for us goes into `cause`. */
export class AppError extends Error {
  readonly retryAfterSeconds: number | undefined;

  constructor(
    readonly code: ErrorCode,
    message: string,
    options: AppErrorOptions = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}
