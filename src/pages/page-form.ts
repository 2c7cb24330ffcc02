import type { FastifyRequest } from 'fastify';

/** The fields of a page's own form, which browsers send urlencoded and in UTF-8. */
export function readPageForm({ body }: FastifyRequest): URLSearchParams {
  return new URLSearchParams(Buffer.isBuffer(body) ? body.toString('utf8') : '');
}

/** The passphrase of a form, or null when it is empty or not asked for. */
export function readFormPassphrase(request: FastifyRequest): string | null {
  return readPageForm(request).get('passphrase') || null;
}

/** A key of a path, without what keys never contain: people paste links with a full stop or a bracket after them. */
export function readPageKey(param: string): string {
  return param.replace(/[^A-Za-z0-9_-]/g, '').slice(0, 100);
}
