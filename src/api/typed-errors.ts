import { z } from 'zod';
import { AppError, retryAfterSecondsOf } from '../shared/app-error.js';
import { ACCEPTED_ENCODING, type ErrorAnswer, type ErrorPlace } from './error-answer.js';
import { errorKindOf, messageFor, type ErrorKind } from './error-kind.js';

const UPGRADE_TO = 'identity_plus';

/** By type, the text for an error that is no AppError. */
const TEXTS: Readonly<Record<string, string>> = {
  PayloadTooLarge: 'The request body is too large',
  Unavailable: 'Temporarily unavailable: try again in a moment',
};

/** The error shape of the APIs of domains and accounts. */
export const typedErrorSchema = z
  .object({
    error: z.string(),
    error_type: z.string().meta({ example: 'ValidationFailed' }),
    message: z.string().optional().meta({ description: 'What to do.' }),
    field: z.string().optional().meta({ description: 'The field of the request at fault.' }),
    code: z.string().optional().meta({ description: 'The reason. Stable: for programs.' }),
    id: z
      .string()
      .optional()
      .meta({ description: "The id of the account's own domain, with DOMAIN_EXISTS." }),
    suggestion: z
      .string()
      .optional()
      .meta({ description: 'A value of the field that would be accepted, with CONTRAST.' }),
    entitlement: z.string().optional(),
    current_plan: z.string().nullable().optional(),
    upgrade_to: z.string().optional(),
    retry_after: z.int().optional().meta({ description: 'Seconds, as in Retry-After.' }),
    attempts: z
      .int()
      .optional()
      .meta({ description: 'With LimitExceeded: how often it was tried.' }),
    max_attempts: z.int().optional().meta({ description: 'How often it may be tried.' }),
    request_id: z.string().meta({ description: 'As in X-Request-Id.' }),
  })
  .meta({
    id: 'Error',
    description: '`error` is for people, `error_type`, `field` and `code` are for programs.',
  });

type TypedError = Omit<z.infer<typeof typedErrorSchema>, 'request_id'>;

interface Outcome {
  readonly status: number;
  readonly body: TypedError;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The answer of the APIs of domains and accounts to anything thrown. */
export function typedErrorAnswer(error: unknown, place: ErrorPlace): ErrorAnswer {
  const { status, body, headers = {} } = OUTCOMES[errorKindOf(error)](error, place);
  return { status, headers, body: { ...body, request_id: place.requestId } };
}

const OUTCOMES: Record<ErrorKind, (error: unknown, place: ErrorPlace) => Outcome> = {
  invalid_request: invalid,
  account_exists: invalid,
  wrong_passphrase: invalid,
  not_found: notFound,
  secret_gone: notFound,
  not_authorized: () => ({
    status: 401,
    headers: { 'www-authenticate': 'Basic realm="API", charset="UTF-8"' },
    body: {
      error: 'Authentication Required',
      error_type: 'Unauthorized',
      message: "Sign in by HTTP Basic with the account's e-mail address and an API token.",
    },
  }),
  forbidden: (error) => ({ status: 403, body: typed(error, 'Forbidden') }),
  plan_required: (error, { plan }) => ({
    status: 403,
    body: {
      ...typed(error, 'EntitlementRequired'),
      entitlement: 'custom_domains',
      current_plan: plan,
      upgrade_to: UPGRADE_TO,
    },
  }),
  in_progress: (error) => tryLater(409, error, 'InProgress'),
  rate_limited: (error) => tryLater(429, error, 'LimitExceeded'),
  payload_too_large: (error) => ({ status: 413, body: typed(error, 'PayloadTooLarge') }),
  request_timeout: (error) => ({ status: 408, body: typed(error, 'RequestTimeout') }),
  unsupported_encoding: (error) => ({
    status: 415,
    headers: ACCEPTED_ENCODING,
    body: typed(error, 'UnsupportedEncoding'),
  }),
  misdirected: (error) => ({ status: 421, body: typed(error, 'Misdirected') }),
  busy: (error) => tryLater(503, error, 'Unavailable'),
  unavailable: (error) => tryLater(503, error, 'Unavailable'),
  unexpected: () => ({
    status: 500,
    body: { error: 'Internal Server Error', error_type: 'ServerError' },
  }),
};

function invalid(error: unknown): Outcome {
  return { status: 422, body: typed(error, 'ValidationFailed') };
}

/** A missing record and an unknown path have different types. */
function notFound(error: unknown): Outcome {
  const isRecord = error instanceof AppError;
  return {
    status: 404,
    body: isRecord
      ? typed(error, 'RecordNotFound')
      : { error: 'Not Found', error_type: 'NotFound' },
  };
}

function tryLater(status: number, error: unknown, type: string): Outcome {
  const seconds = retryAfterSecondsOf(error);
  return {
    status,
    headers: { 'retry-after': String(seconds) },
    body: { ...typed(error, type), retry_after: seconds, ...attemptsOf(error) },
  };
}

function attemptsOf(error: unknown): Pick<TypedError, 'attempts' | 'max_attempts'> {
  const attempts = error instanceof AppError ? error.attempts : undefined;
  return attempts === undefined ? {} : { attempts: attempts.made, max_attempts: attempts.max };
}

function typed(error: unknown, type: string): TypedError {
  const text = messageFor(error, TEXTS[type] ?? 'The request is not valid');
  if (!(error instanceof AppError)) return { error: text, error_type: type };
  const { field, hint, reason, id, suggestion } = error;
  return {
    error: text,
    error_type: type,
    ...(hint === undefined ? {} : { message: hint }),
    ...(field === undefined ? {} : { field }),
    ...(reason === undefined ? {} : { code: reason }),
    ...(id === undefined ? {} : { id }),
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}
