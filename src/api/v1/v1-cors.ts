import { Header } from '@nestjs/common';

/** On every answer, errors included, of the routes that other origins may call. No credentials: the API reads no cookie. */
export const V1_CORS_HEADERS = { 'access-control-allow-origin': '*' } as const;

/** The same as a decorator of a route's method; v1ErrorAnswer() adds the header to errors. */
export const OpenToOtherSites = (): MethodDecorator => Header('access-control-allow-origin', '*');

/** The headers of the answer to a preflight. Browsers cap the max-age at a day or less. */
export const V1_PREFLIGHT_HEADERS = {
  ...V1_CORS_HEADERS,
  'access-control-allow-methods': 'GET, POST, OPTIONS',
  'access-control-allow-headers': 'Content-Type, Authorization',
  'access-control-max-age': '86400',
} as const;

const OPEN_ROUTE = /^\/api\/v1\/(?:status|share|create|generate|secret\/[^/]*)$/;

/** True for the path of such a route, without its query. */
export function isOpenToOtherSites(path: string): boolean {
  return OPEN_ROUTE.test(path);
}
