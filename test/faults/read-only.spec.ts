import { readFileSync } from 'node:fs';
import type { DomainClient } from '../support/domain-client.js';
import { FaultScene } from './fault-scene.js';

const OPENAPI = JSON.parse(readFileSync('docs/openapi.json', 'utf8')) as {
  paths: Record<string, object>;
};
/** Streams without an end; and a download, which is not given without the record that it was. */
const LEFT_OUT = /\/events$|^\/api\/account\/export$/;
/** What this domain and this account do not have. */
const ABSENT = /\{(?:move|webhook|delivery)\}|webhooks\/\{|\/(?:logo|logo-dark|icon|email-change)$/;
const OPERATIONS = Object.entries(OPENAPI.paths)
  .filter(([path, operations]) => 'get' in operations && !LEFT_OUT.test(path))
  .map(([path]) => path);

const ACCOUNT_PAGES = [
  '',
  '/activity',
  '/secrets',
  '/security',
  '/sessions',
  '/tokens',
  '/webhooks',
];
const DOMAIN_PAGES = ['', '/brand', '/images', '/links', '/policy', '/remove', '/transfer'];
const PAGES = [
  '/',
  '/secret/{secret}',
  '/receipt/{receipt}',
  '/sign-up',
  '/new-password',
  ...ACCOUNT_PAGES.map((path) => `/account${path}`),
  '/domains',
  '/domains/add',
  ...DOMAIN_PAGES.map((path) => `/domains/{id}${path}`),
];

describe('a database that takes no writes', () => {
  let scene: FaultScene;
  let client: DomainClient;
  let made: Record<string, unknown>;
  let extid: string;

  beforeAll(async () => {
    scene = await FaultScene.start({ GATEWAY_SIGNUP: 'open' });
    client = await scene.setUpDomain();
    const { auth } = client;
    made = (await scene.ask({ path: '/api/v1/share', body: { secret: 'x' }, auth })).json();
    const list = await scene.ask({ path: '/api/domains', auth });
    extid = list.json<{ records: { id: string }[] }>().records[0]?.id ?? '';
    await scene.database.asAdmin(
      'alter system set default_transaction_read_only = on',
      'select pg_reload_conf()',
    );
    await scene.untilState('database read-only');
  });
  afterAll(() => scene?.stop());

  it.each([...OPERATIONS, ...PAGES])('does not keep GET %s from its answer', async (template) => {
    const isOfSecret = template.includes('/secret/');
    const key = String(made[isOfSecret ? 'secret_key' : 'metadata_key']);
    const path = template
      .replace(/\{(?:key|secret|receipt)\}/, key)
      .replaceAll(/\{[^}]*\}/g, extid);
    const answer = await scene.ask({ path, auth: client.auth });
    expect(answer.status).toBe(ABSENT.test(template) ? 404 : 200);
  });
});
