import { isUtf8 } from 'node:buffer';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AppError } from '../shared/app-error.js';

const STRAY_PERCENT = /%(?![0-9a-f]{2})/gi;
/** More than any of our forms has. */
const FIELDS_MAX = 100;

/** The fields of a form of ours, which browsers send urlencoded in UTF-8. */
export class SentForm {
  readonly #fields: ReadonlyMap<string, string>;

  /** @throws AppError `invalid_request` for what is not UTF-8: it would be stored otherwise than it was sent */
  constructor(readonly body: Buffer) {
    this.#fields = new Map(fieldsOf(body));
  }

  /** Null when the field is absent. */
  get(name: string): string | null {
    return this.#fields.get(name) ?? null;
  }

  /** Null when it is empty or absent. */
  get passphrase(): string | null {
    return this.get('passphrase') || null;
  }
}

/** `@PageForm() sent: SentForm` */
export const PageForm = createParamDecorator((_: unknown, context: ExecutionContext) => {
  const { body } = context.switchToHttp().getRequest<FastifyRequest>();
  return new SentForm(Buffer.isBuffer(body) ? body : Buffer.alloc(0));
});

function fieldsOf(body: Buffer): [string, string][] {
  if (!isUtf8(body)) throw notUtf8();
  const pairs = body.toString('utf8').split('&', FIELDS_MAX);
  return pairs.map((pair) => {
    const cut = pair.indexOf('=');
    return cut === -1
      ? [decoded(pair), '']
      : [decoded(pair.slice(0, cut)), decoded(pair.slice(cut + 1))];
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' ').replace(STRAY_PERCENT, '%25'));
  } catch (error) {
    throw notUtf8(error);
  }
}

function notUtf8(cause?: unknown): AppError {
  return new AppError('invalid_request', 'The form is not valid UTF-8', { cause });
}
