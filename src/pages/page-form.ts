import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { readForm } from '../shared/forms/read-form.js';

/** The fields of a form of ours, as it was sent. */
export class SentForm {
  readonly #fields: ReadonlyMap<string, string>;

  /** @throws AppError `invalid_request` for what the API refuses too: it would be stored otherwise than it was sent */
  constructor(
    readonly body: Buffer,
    contentType?: string,
  ) {
    this.#fields = new Map(readForm(body, contentType));
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
  const { body, headers } = context.switchToHttp().getRequest<FastifyRequest>();
  return new SentForm(Buffer.isBuffer(body) ? body : Buffer.alloc(0), headers['content-type']);
});
