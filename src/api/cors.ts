import { Header } from '@nestjs/common';

/** On every answer, errors included, of the routes that other origins may call. No credentials: the API reads no cookie. */
export const CORS_HEADERS = { 'access-control-allow-origin': '*' } as const;

/** The same as a decorator of a route's method; the answers to errors add it themselves. */
export const OpenToOtherSites = (): MethodDecorator => Header('access-control-allow-origin', '*');

/** The headers of the answer to a preflight. Browsers cap the max-age at a day or less. */
export const PREFLIGHT_HEADERS = {
  ...CORS_HEADERS,
  'access-control-allow-methods': 'GET, POST, OPTIONS',
  'access-control-allow-headers': 'Content-Type, Authorization',
  'access-control-max-age': '86400',
} as const;

/** By version of the API, the paths of such routes. */
const OPEN_ROUTES = [
  /^\/api\/v1\/(?:status|share|create|generate|secret\/[^/]*)$/,
  /^\/api\/v2\/(?:status|version|supported-locales|(?:guest\/)?secret\/.+)$/,
];

/** True for the path of such a route, without its query. */
export function isOpenToOtherSites(path: string): boolean {
  return OPEN_ROUTES.some((route) => route.test(path));
}
