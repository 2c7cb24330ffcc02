import { aName } from '../domains/support.js';
import { CUSTOM_HOST, pathOf, startWithTwoAccounts, type DomainApi } from './domain-api.js';

let api: DomainApi;
let ann: string;
let bob: string;

beforeAll(async () => {
  ({ api, ann, bob } = await startWithTwoAccounts());
});
afterAll(() => api.close());

describe('access', () => {
  it.each([null, 'Basic nobody', 'Bearer x', ''])('needs valid credentials: %j', async (sent) => {
    for (const path of ['', '/cd000000000000000000', '/cd000000000000000000/events']) {
      const { status, json } = await api.send(sent, 'GET', path);
      expect(status).toBe(401);
      expect(json()).toMatchObject({
        error: 'Authentication Required',
        error_type: 'Unauthorized',
        request_id: 'test-request',
      });
    }
  });

  it('is on the region’s own host only, for every caller', async () => {
    const headers = { host: CUSTOM_HOST };
    for (const sent of [ann, bob, null, 'Basic nobody']) {
      for (const [method, path] of [
        ['GET', ''],
        ['POST', ''],
        ['GET', '/cd000000000000000000'],
        ['GET', '/no/such/path'],
      ] as const) {
        const { status, text } = await api.send(sent, method, path, { headers });
        expect([status, text]).toEqual([
          404,
          '{"error":"Not Found","error_type":"NotFound","request_id":"test-request"}',
        ]);
      }
    }
  });

  it.each([
    ['GET', '/cd000000000000000000/no-such-thing'],
    ['PATCH', '/cd000000000000000000'],
    ['PUT', ''],
    ['OPTIONS', ''],
    ['GET', '/a/b/c/d'],
  ] as const)('is not found: %s %s', async (method, path) => {
    const { status, headers, json } = await api.send(ann, method, path);
    expect(status).toBe(404);
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(json()).toMatchObject({ error: 'Not Found', error_type: 'NotFound' });
  });

  it('answers HEAD like GET, without the body', async () => {
    const own = await api.claim(ann, aName());
    for (const path of ['', pathOf(own), pathOf(own, '/events')]) {
      const { status, text } = await api.send(ann, 'HEAD', path);
      expect([status, text]).toEqual([200, '']);
    }
  });

  it('is closed to other origins', async () => {
    const { headers } = await api.send(ann, 'GET', '', {
      headers: { origin: 'https://evil.test' },
    });
    expect(headers).not.toHaveProperty('access-control-allow-origin');
    expect(headers).not.toHaveProperty('set-cookie');
  });
});
