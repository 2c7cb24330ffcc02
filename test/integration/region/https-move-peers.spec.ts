import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { CellConfig } from '../../../src/config/cell-config.js';
import type { Region } from '../../../src/config/region.js';
import type { DnsResolver } from '../../../src/dns/dns-resolver.js';
import type { MoveId } from '../../../src/domains/domain-move.js';
import { HttpsMovePeers } from '../../../src/region/https-move-peers.js';
import { requireHostname } from '../../../src/shared/hostname.js';
import { openTestAuthority, type TestAuthority } from '../certificates/test-authority.js';

const EU = 'eu' as Region;
const ID = '01890a5d-ac96-774b-bcce-b302099a8057' as MoveId;
const UNREACHABLE = { code: 'unavailable', reason: 'REGION_UNREACHABLE' };

let authority: TestAuthority;
let stranger: TestAuthority;
let server: Server;
/** What the other region answers. */
let answer: { status: number; body: string };
const asked: { method: string; url: string; host: string; body: string }[] = [];

beforeAll(async () => {
  [authority, stranger] = await Promise.all([openTestAuthority(), openTestAuthority()]);
  const host = requireHostname('eu.onetime.localhost');
  const { chainPem, privateKeyPem } = await authority.authority.issue(host);
  server = createServer({ cert: chainPem, key: privateKeyPem }, (request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      asked.push({ method, url, host: headers.host ?? '', body });
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await Promise.all([authority.remove(), stranger.remove()]);
});
beforeEach(() => asked.splice(0));

function peers(trusted = authority): HttpsMovePeers {
  const config = {
    region: 'us',
    fleet: ['eu', 'us'],
    baseDomain: 'onetime.localhost',
    publicHttpsPort: (server.address() as AddressInfo).port,
    ingressAddresses: ['127.0.0.1'],
  } as unknown as CellConfig;
  const noAddress = { lookup: async () => ({ answer: { status: 'nodata' } }) };
  return new HttpsMovePeers(config, noAddress as unknown as DnsResolver, trusted.rootPem);
}

const json = (status: number, body: object) => ({ status, body: JSON.stringify(body) });
const refusal = (status: number, code: string) =>
  json(status, { error: 'No', error_type: 'ValidationFailed', code });

describe('a question to another region', () => {
  it('has the code, the region that asks and the id, and nothing else', async () => {
    answer = json(200, { hostname: 'secrets.acme.test' });
    expect(await peers().look(EU, 'eu-1')).toBe('secrets.acme.test');
    expect(await peers().accept(EU, 'eu-1', ID)).toBe('secrets.acme.test');
    answer = json(200, { state: 'preparing' });
    expect(await peers().stateOf(EU, ID)).toBe('preparing');
    const path = '/api/domains/moves';
    const host = expect.stringMatching(/^eu\.onetime\.localhost:\d+$/);
    expect(asked).toEqual([
      { method: 'POST', url: path, host, body: JSON.stringify({ code: 'eu-1', region: 'us' }) },
      {
        method: 'POST',
        url: path,
        host,
        body: JSON.stringify({ code: 'eu-1', region: 'us', id: ID }),
      },
      { method: 'GET', url: `${path}/state/${ID}`, host, body: '' },
    ]);
  });

  it('takes a no from the region itself for final', async () => {
    answer = refusal(422, 'TRANSFER_CODE');
    expect(await peers().look(EU, 'eu-1')).toBeNull();
    expect(await peers().accept(EU, 'eu-1', ID)).toBeNull();
    answer = refusal(404, 'MOVE_UNKNOWN');
    expect(await peers().stateOf(EU, ID)).toBeNull();
  });

  it.each([
    ['a path that a version does not have', json(404, { error_type: 'NotFound' })],
    ['a server on the way', { status: 404, body: '<h1>Not Found</h1>' }],
    ['a request that it does not take', json(422, { error_type: 'ValidationFailed' })],
    ['the refusal of something else', refusal(422, 'DOMAIN_LIMIT')],
    ['a limit', json(429, { error_type: 'LimitExceeded' })],
    ['a database that is away', json(503, { error_type: 'Unavailable' })],
    ['a redirect', { status: 302, body: '' }],
    ['success without its words', json(200, {})],
    ['success of a page', { status: 200, body: '<p>ok</p>' }],
    ['a state that this version does not know', json(200, { state: 'teleported' })],
    ['too much', { status: 404, body: 'x'.repeat(100_000) }],
  ])('takes %s for no answer', async (_, given) => {
    answer = given;
    await expect(peers().look(EU, 'eu-1')).rejects.toMatchObject(UNREACHABLE);
    await expect(peers().accept(EU, 'eu-1', ID)).rejects.toMatchObject(UNREACHABLE);
    await expect(peers().stateOf(EU, ID)).rejects.toMatchObject(UNREACHABLE);
  });

  it('is not asked of a server without a trusted certificate, nor of one outside the fleet', async () => {
    answer = json(200, { hostname: 'secrets.acme.test' });
    await expect(peers(stranger).accept(EU, 'eu-1', ID)).rejects.toMatchObject(UNREACHABLE);
    await expect(peers().accept('ap' as Region, 'ap-1', ID)).rejects.toMatchObject(UNREACHABLE);
    expect(asked).toEqual([]);
  });
});
