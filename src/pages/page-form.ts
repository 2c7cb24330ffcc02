import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { readForm } from '../shared/forms/read-form.js';

/**
 * `@PageForm() form: URLSearchParams`: the fields of a page's form. Bytes that the API refuses are refused here too: a
 * message must not be stored otherwise than it was sent.
 */
export const PageForm = createParamDecorator((_: unknown, context: ExecutionContext) => {
  const { body, headers } = context.switchToHttp().getRequest<FastifyRequest>();
  const fields = readForm(Buffer.isBuffer(body) ? body : undefined, headers['content-type']);
  return new URLSearchParams(fields.map(([name, value]) => [name, value]));
});

/** The passphrase of a form; null when it is empty or absent. */
export function readPassphrase(form: URLSearchParams): string | null {
  return form.get('passphrase') || null;
}
