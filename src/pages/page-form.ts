import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** `@PageForm() form: URLSearchParams`: the fields of a page's form, which browsers send urlencoded in UTF-8. */
export const PageForm = createParamDecorator((_: unknown, context: ExecutionContext) => {
  const { body } = context.switchToHttp().getRequest<FastifyRequest>();
  return new URLSearchParams(Buffer.isBuffer(body) ? body.toString('utf8') : '');
});

/** The passphrase of a form; null when it is empty or absent. */
export function readPassphrase(form: URLSearchParams): string | null {
  return form.get('passphrase') || null;
}
