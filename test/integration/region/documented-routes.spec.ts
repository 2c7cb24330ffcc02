import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { RouteOptions } from 'fastify';
import { Registry } from 'prom-client';
import { HostServers } from '../../../src/certificates/contexts/host-server.js';
import { BodyBudget } from '../../../src/region/body-budget.js';
import { createHttpAdapter } from '../../../src/region/http-adapter.js';
import { RegionModule } from '../../../src/region/region.module.js';
import { RequestJournal } from '../../../src/region/request-journal.js';
import { connectDatabase } from '../../../src/database/connect.js';
import { createLogger } from '../../../src/shared/logger.js';
import { openTestAuthority, type TestAuthority } from '../certificates/test-authority.js';
import { documentedOperations } from '../../support/documented-operations.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { idleCellConfig } from './idle-cell-config.js';

/** The document's page and its files. All other pages are outside `/api`. */
const PAGES = /^\/api\/docs(?:\/|$)/;

let database: TestDatabase;
let authority: TestAuthority;
let app: NestFastifyApplication;
/** `GET /api/v1/status`, as Fastify has it. */
const routes = new Set<string>();

beforeAll(async () => {
  [database, authority] = await Promise.all([openTestDatabase(), openTestAuthority()]);
  const metrics = new Registry();
  const journal = new RequestJournal(createLogger({ destination: { write: () => {} } }), metrics);
  const { adapter, fastify } = createHttpAdapter(journal);
  fastify.addHook('onRoute', note);
  const module = RegionModule.of({
    config: idleCellConfig(database.url),
    dataSource: await connectDatabase(database.url),
    metrics,
    localAuthority: authority.authority,
    hostServers: new HostServers(),
    bodies: new BodyBudget({ limitsNetworks: true }),
  });
  const options = { bodyParser: false, logger: false, abortOnError: false } as const;
  app = await NestFactory.create<NestFastifyApplication>(module, adapter, options);
  await app.init();
});

afterAll(async () => {
  await app.close();
  await database.close();
  await authority.remove();
});

function note({ method, url }: RouteOptions): void {
  for (const each of [method].flat()) routes.add(`${each} ${url}`);
}

/** Fastify adds HEAD to GET, and OPTIONS is what browsers ask before a request: neither is an operation. */
function isOperation(route: string): boolean {
  const [method = '', path = ''] = route.split(' ');
  if (method === 'HEAD' || method === 'OPTIONS' || PAGES.test(path)) return false;
  return path.startsWith('/api/') || path.startsWith('/.well-known/');
}

it('every route of the API is in the document, and every operation of the document is a route', () => {
  const documented = documentedOperations().map(
    ({ method, path }) => `${method} ${path.replace(/\{(\w+)\}/g, ':$1')}`,
  );
  const actual = [...routes].filter(isOperation);
  expect(actual.length).toBeGreaterThan(30);
  expect(actual.sort()).toEqual(documented.sort());
});

it('no route has a wildcard, which no document could name', () => {
  expect([...routes].filter((route) => route.includes('*'))).toEqual([]);
});
