import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HeaderSink } from '../../limits/limit-headers.js';
import { readForm } from '../../shared/forms/read-form.js';

/** The field that only a person fills in: see PersonField. */
export const CONFIRM = 'confirm';
/** What a browser sends for a ticked box without a value of its own. Nothing in the page says it. */
export const CONFIRMED = 'on';

/** The fields of a form of ours, as it was sent. */
export class SentForm {
  readonly #fields: ReadonlyMap<string, string>;

  /**
   * @param sink takes headers of the response
   * @throws AppError `invalid_request` for what the API refuses too: it would be stored otherwise than it was sent
   */
  constructor(
    readonly body: Buffer,
    contentType?: string,
    readonly sink: HeaderSink = { headers: () => undefined },
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
  const http = context.switchToHttp();
  const { body, headers } = http.getRequest<FastifyRequest>();
  const reply = http.getResponse<FastifyReply>();
  const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
  return new SentForm(bytes, headers['content-type'], reply);
});
