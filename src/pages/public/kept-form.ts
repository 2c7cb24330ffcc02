import type { FastifyRequest } from 'fastify';
import { CSRF_FIELD, CSRF_REFUSED } from '../../auth/csrf.js';
import { AppError } from '../../shared/app-error.js';
import { readMediaType } from '../../shared/forms/media-type.js';
import { readForm } from '../../shared/forms/read-form.js';
import { destinationOf } from '../frame/destination.js';

/** A form of an account that was refused before anything was done with it, to be sent again as it was. */
export interface KeptForm {
  readonly action: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
}

const URLENCODED = 'application/x-www-form-urlencoded';
/** More than the texts of a brand in all languages. */
const BYTES_MAX = 64 * 1024;
/** What no page repeats: such a form is filled in anew. */
const SECRET_FIELDS = new Set(['password', 'code', 'codes', 'passphrase', 'response']);

/**
 * Whether the form can be kept, as far as its headers tell: its body is read for that. Only a form of our own pages has a
 * session here.
 */
export function isKeepable(request: FastifyRequest, refusal: unknown): boolean {
  const { method, session, headers } = request;
  if (method !== 'POST' || session === undefined || !isBeforeTheWork(refusal)) return false;
  const type = readMediaType(headers['content-type'])?.essence;
  const path = pathOf(request);
  const isSmall = Number(headers['content-length'] ?? Infinity) <= BYTES_MAX;
  return type === URLENCODED && isSmall && destinationOf(path) === path;
}

/** Null for a form that is not kept, and for one whose body was not read. */
export function keptFormOf(request: FastifyRequest, refusal: unknown): KeptForm | null {
  const { body, headers } = request;
  if (!isKeepable(request, refusal) || !Buffer.isBuffer(body)) return null;
  const fields = fieldsIn(body, headers['content-type']);
  if (fields === null || fields.some(([name]) => SECRET_FIELDS.has(name))) return null;
  return { action: pathOf(request), fields: fields.filter(([name]) => name !== CSRF_FIELD) };
}

/** A limit, or a token that is not of this session: nothing was done, and the same form may succeed. */
function isBeforeTheWork(refusal: unknown): boolean {
  if (!(refusal instanceof AppError)) return false;
  return refusal.code === 'rate_limited' || refusal.reason === CSRF_REFUSED;
}

function fieldsIn(body: Buffer, contentType: string | undefined): KeptForm['fields'] | null {
  try {
    return readForm(body, contentType);
  } catch {
    return null;
  }
}

function pathOf({ raw }: FastifyRequest): string {
  return (raw.url ?? '').split('?', 1)[0] ?? '';
}
