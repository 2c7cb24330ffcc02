import { AppError } from '../../shared/app-error.js';
import { requireFewJsonValues } from '../../shared/forms/json-marks.js';
import { requireUtf8, requireWellFormed } from '../../shared/forms/wire-field.js';

/**
 * Parses the raw bytes of a body as JSON; an absent or empty body counts as `{}`.
 * Throws AppError `invalid_request`, its field is `body`.
 */
export function readJsonBody(body: Buffer | undefined): unknown {
  if (body === undefined || body.length === 0) return {};
  requireFewJsonValues(body);
  try {
    return JSON.parse(requireUtf8(body).replace(/^\uFEFF/, ''), (name, value: unknown) => {
      requireWellFormed(name);
      return typeof value === 'string' ? requireWellFormed(value) : value;
    });
  } catch (error) {
    const message =
      error instanceof AppError
        ? error.message
        : 'The request body is not valid JSON: send one object.';
    throw new AppError('invalid_request', message, { cause: error, field: 'body' });
  }
}
