import { ApiModule } from '../api/api.module.js';
import { PUBLIC_APIS } from '../api/openapi/public-document.js';
import { Scoped } from '../auth/scoped.decorator.js';
import { PagesModule } from '../pages/pages.module.js';
import { routesOf } from '../../test/support/route-table.js';

const ROUTES = routesOf([ApiModule, PagesModule]);

function scopeOf({ handler, controller }: (typeof ROUTES)[number]): unknown {
  return Reflect.getMetadata(Scoped.KEY, handler) ?? Reflect.getMetadata(Scoped.KEY, controller);
}

describe('the scopes of the routes', () => {
  it('are named by every route: BasicGuard takes credentials on all of them', () => {
    expect(ROUTES.length).toBeGreaterThan(50);
    const unmarked = ROUTES.filter((route) => scopeOf(route) === undefined);
    expect(unmarked.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
  });

  it('are "any" only where a request shows and changes nothing of an account', () => {
    const open = ROUTES.filter((route) => scopeOf(route) === 'any')
      // Guests are anonymous whatever their token, and OPTIONS is what browsers ask before a request.
      .filter(({ method, path }) => method !== 'OPTIONS' && !path.startsWith('/api/v2/guest/'))
      .map(({ method, path }) => `${method} ${path}`);
    expect(open.sort()).toEqual([
      'GET /.well-known/retention',
      'GET /account/closed',
      'GET /api/docs',
      'GET /api/docs/:file',
      'GET /api/openapi.json',
      'GET /api/v1/authcheck',
      'GET /api/v1/status',
      'GET /api/v2/status',
      'GET /api/v2/supported-locales',
      'GET /api/v2/version',
      'GET /apple-touch-icon-precomposed.png',
      'GET /apple-touch-icon.png',
      'GET /brand/:name',
      'GET /domain-connect/return/:ticket',
      'GET /favicon.ico',
      'GET /icon.svg',
      'GET /imagine/:extid/logo.png',
      'GET /robots.txt',
      'GET /setup/:token',
      'GET /setup/:token/events',
      'GET /style.css',
      'POST /setup/:token/check',
    ]);
  });

  it('are those that the document names', () => {
    const documented = PUBLIC_APIS.flatMap(({ operations }) => operations).flatMap((operation) =>
      [operation.path, ...(operation.aliases ?? [])].map((path) => [
        `${operation.method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
        operation.scope ?? 'any',
      ]),
    );
    const named = new Map(ROUTES.map((route) => [`${route.method} ${route.path}`, scopeOf(route)]));
    expect(documented.length).toBeGreaterThan(40);
    const isGuests = (route: string): boolean => route.includes('/api/v2/guest/');
    for (const [route = '', scope] of documented.filter(([each = '']) => !isGuests(each)))
      expect([route, named.get(route)]).toEqual([route, scope]);
  });

  it.each([
    ['/api/account', ['read', 'account']],
    ['/api/domains', ['domains']],
  ])('of %s are %j', (base, scopes) => {
    const found = ROUTES.filter(({ path }) => path.startsWith(base)).map(scopeOf);
    expect(new Set(found)).toEqual(new Set(scopes));
  });

  it('let nobody change an account by the scope read', () => {
    const reads = ROUTES.filter(
      (route) => route.path.startsWith('/api/account') && scopeOf(route) === 'read',
    );
    expect(new Set(reads.map(({ method }) => method))).toEqual(new Set(['GET']));
  });
});
