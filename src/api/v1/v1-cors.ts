import { Header } from '@nestjs/common';

/**
 * On every answer, errors included, of the routes that pages of other sites may call. No credentials: a browser's
 * cookies mean nothing here.
 */
export const V1_CORS_HEADERS = { 'access-control-allow-origin': '*' } as const;

/** The same, as a decorator of a route's method; errors get theirs with the answer. */
export const OpenToOtherSites = (): MethodDecorator => Header('access-control-allow-origin', '*');

/** The answer to a preflight. A day is longer than browsers remember it. */
export const V1_PREFLIGHT_HEADERS = {
  ...V1_CORS_HEADERS,
  'access-control-allow-methods': 'GET, POST, OPTIONS',
  'access-control-allow-headers': 'Content-Type, Authorization',
  'access-control-max-age': '86400',
} as const;

const OPEN_ROUTE = /^\/api\/v1\/(?:status|share|create|generate|secret\/[^/]*)$/;

/** Whether a path, without its query, is one of those routes. */
export function isOpenToOtherSites(path: string): boolean {
  return OPEN_ROUTE.test(path);
}
