import { readMultipart, readMultipartField } from './multipart.js';
import { readUrlencodedBody } from './urlencoded.js';
import type { Field } from './wire-field.js';

/**
 * The fields of a form, multipart or else urlencoded, whatever the Content-Type says.
 * Throws AppError `invalid_request` for a form that would be read otherwise than it was written.
 */
export function readForm(body: Buffer | undefined, contentType: string | undefined): Field[] {
  if (body === undefined || body.length === 0) return [];
  return readMultipart(body, contentType) ?? readUrlencodedBody(body);
}

/** The values of one field of such a form. The others, files among them, are not decoded. */
export function readFormField(
  body: Buffer,
  contentType: string | undefined,
  field: string,
): string[] {
  const values = readMultipartField(body, contentType, field);
  if (values !== null) return values;
  const fields = body.length === 0 ? [] : readUrlencodedBody(body);
  return fields.filter(([name]) => name === field).map(([, value]) => value);
}
