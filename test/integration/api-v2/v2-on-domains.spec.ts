import { createdAnswer, recentAnswer } from '../../../src/api/v2/v2-answers.js';
import {
  HOSTS,
  OWNER,
  PENDING,
  TwoTenants,
  UNCLAIMED,
  type Place,
  type Who,
} from '../api-domains/two-tenants.js';

const GONE = '{"error":"Unknown secret","error_type":"RecordNotFound","request_id":"test"}';
const CONFIRMED = { continue: true };

let tenants: TwoTenants;

beforeAll(async () => {
  tenants = await TwoTenants.start();
});
afterAll(() => tenants.close());
beforeEach(() => Object.assign(tenants.switches, { apiEnabled: true, homepageEnabled: true }));

const everyCaller = (['R', 'D'] as const).flatMap((place) =>
  (['anonymous', 'owner', 'stranger'] as const).map((who) => [place, who] as const),
);
const permission = (name: string) => ({
  error: `You do not have permission to use domain: ${name}`,
  error_type: 'Forbidden',
  request_id: 'test',
});

const create = (place: Place, who: Who, fields: object = {}, route = 'secret/conceal') =>
  tenants.call(place, who, `POST /api/v2/${route}`, { secret: { secret: 's3', ...fields } });

async function made(place: Place, who: Who, fields: object = {}) {
  const {
    receipt,
    secret,
    share_domain: domain,
  } = createdAnswer.parse((await create(place, who, fields)).json()).record;
  return { key: receipt.key, secretKey: secret.key, domain };
}

describe('about the service', () => {
  it.each(everyCaller)('is answered on %s to the %s', async (place, who) => {
    for (const [path, fields] of [
      ['status', { success: true, status: 'nominal', locale: 'en' }],
      ['version', { success: true, version: expect.arrayContaining([expect.any(String)]) }],
      [
        'supported-locales',
        { success: true, locales: ['en', 'de', 'fr', 'es', 'nl', 'ar'], default_locale: 'en' },
      ],
    ] as const) {
      const answer = await tenants.call(place, who, `GET /api/v2/${path}`);
      expect([answer.statusCode, answer.json()]).toMatchObject([200, fields]);
    }
  });

  it('is refused with wrong credentials, as everything is', async () => {
    for (const line of [
      'GET /api/v2/status',
      'GET /api/v2/version',
      'POST /api/v2/secret/generate',
      'POST /api/v2/guest/secret/generate',
      'GET /api/v2/receipt/recent',
    ]) {
      const answer = await tenants.call('R', 'wrong', line);
      expect([answer.statusCode, answer.json()]).toEqual([
        401,
        {
          error: 'Authentication Required',
          error_type: 'Unauthorized',
          message: '[CREDENTIALS_INVALID] Invalid credentials',
          timestamp: expect.any(Number),
          request_id: 'test',
        },
      ]);
    }
  });

  it('is JSON with its own error below an unknown path', async () => {
    for (const line of ['GET /api/v2', 'GET /api/v2/nothing', 'PUT /api/v2/secret/conceal']) {
      const answer = await tenants.call('R', 'anonymous', line);
      expect([answer.statusCode, answer.body]).toEqual([
        404,
        '{"error":"Not Found","error_type":"NotFound","request_id":"test"}',
      ]);
    }
  });
});

describe('other origins', () => {
  it.each([
    'status',
    'secret/conceal',
    'secret/generate',
    'secret/status',
    'secret/KEY',
    'secret/KEY/reveal',
    'secret/KEY/status',
    'guest/secret/conceal',
    'guest/secret/KEY/reveal',
  ])('get an answer to a preflight of %s', async (path) => {
    const { statusCode, headers } = await tenants.call('R', 'anonymous', `OPTIONS /api/v2/${path}`);
    expect(statusCode).toBe(204);
    expect(headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, POST, OPTIONS',
      'access-control-allow-headers': 'Content-Type, Authorization',
    });
    expect(headers).not.toHaveProperty('access-control-allow-credentials');
  });

  it('may read answers and errors about secrets, and no receipts', async () => {
    const { key, secretKey } = await made('R', 'anonymous');
    for (const [line, body] of [
      ['GET /api/v2/status', undefined],
      [`GET /api/v2/secret/${secretKey}`, undefined],
      [`GET /api/v2/secret/${secretKey}/status`, undefined],
      [`POST /api/v2/secret/${secretKey}/reveal`, CONFIRMED],
      [`POST /api/v2/secret/${secretKey}/reveal`, CONFIRMED],
      ['POST /api/v2/secret/conceal', {}],
      ['POST /api/v2/secret/conceal', '{'],
    ] as const) {
      const { headers } = await tenants.call('R', 'anonymous', line, body);
      expect(headers['access-control-allow-origin']).toBe('*');
    }
    const receipt = await tenants.call('R', 'anonymous', `GET /api/v2/receipt/${key}`);
    expect(receipt.headers).not.toHaveProperty('access-control-allow-origin');
  });
});

describe('creating', () => {
  it.each([
    ['anonymous', HOSTS.D],
    ['anonymous', UNCLAIMED],
    ['stranger', HOSTS.D],
    ['stranger', UNCLAIMED],
    ['owner', HOSTS.OTHER],
  ] as const)('on R by the %s for %s is not permitted', async (who, name) => {
    for (const route of ['secret/conceal', 'secret/generate', 'guest/secret/conceal']) {
      const answer = await create('R', who, { share_domain: name }, route);
      expect([answer.statusCode, answer.json()]).toEqual([403, permission(name)]);
    }
  });

  it('on R by the owner is for an own domain that serves, and for no other', async () => {
    expect(await made('R', 'owner', { share_domain: HOSTS.D })).toMatchObject({ domain: HOSTS.D });
    for (const name of ['', null, HOSTS.R, 'not a host'])
      expect(await made('R', 'owner', { share_domain: name })).toMatchObject({ domain: null });
    const pending = await create('R', 'owner', { share_domain: PENDING });
    expect([pending.statusCode, pending.json()]).toMatchObject([
      422,
      { error: `Custom domain is not verified: ${PENDING}`, field: 'share_domain' },
    ]);
  });

  it('on D is for D: by its owner, and by guests where they are allowed', async () => {
    expect(await made('D', 'owner')).toMatchObject({ domain: HOSTS.D });
    for (const name of [undefined, HOSTS.D, HOSTS.OTHER, PENDING, UNCLAIMED])
      expect(await made('D', 'anonymous', { share_domain: name })).toMatchObject({
        domain: HOSTS.D,
      });
    tenants.switches.apiEnabled = false;
    const closed = await create('D', 'anonymous');
    expect([closed.statusCode, closed.json()]).toMatchObject([
      403,
      { error: `Public sharing disabled for domain: ${HOSTS.D}`, error_type: 'Forbidden' },
    ]);
    expect(await made('D', 'owner')).toMatchObject({ domain: HOSTS.D });
    // On its guest routes the owner is a guest.
    expect((await create('D', 'owner', {}, 'guest/secret/conceal')).statusCode).toBe(403);
  });

  it('on D by its owner for a domain that is not its own is not permitted', async () => {
    const answer = await create('D', 'owner', { share_domain: HOSTS.OTHER });
    expect([answer.statusCode, answer.json()]).toEqual([403, permission(HOSTS.OTHER)]);
  });

  it('on D by a stranger is not permitted', async () => {
    for (const apiEnabled of [true, false]) {
      tenants.switches.apiEnabled = apiEnabled;
      const answer = await create('D', 'stranger');
      expect([answer.statusCode, answer.json()]).toEqual([403, permission(HOSTS.D)]);
    }
  });

  it('on the guest routes is anonymous, with credentials too', async () => {
    const answer = await create('R', 'owner', {}, 'guest/secret/conceal');
    const { receipt } = createdAnswer.parse(answer.json()).record;
    expect(receipt).toMatchObject({ custid: null, owner_id: null });
    const refused = await create(
      'R',
      'owner',
      { recipient: 'a@example.com' },
      'guest/secret/conceal',
    );
    expect(refused.statusCode).toBe(401);
  });
});

describe('revealing, showing and burning', () => {
  it.each(everyCaller)(
    'finds what is of the host, and on R of every host: on %s by the %s',
    async (place, who) => {
      for (const home of ['R', 'D', 'OTHER'] as const) {
        const isThere = place === 'R' || home === place;
        const maker = home === 'OTHER' ? 'stranger' : 'owner';
        const { key, secretKey } = await made(home, maker);
        const ask = (line: string, body?: object) => tenants.call(place, who, line, body);
        const status = await ask(`GET /api/v2/secret/${secretKey}/status`);
        expect(status.json()).toMatchObject({ record: { state: isThere ? 'new' : 'unknown' } });
        const list = await ask('POST /api/v2/secret/status', { identifiers: secretKey });
        expect(list.json()).toMatchObject({ count: isThere ? 1 : 0 });
        const answers = [
          await ask(`GET /api/v2/secret/${secretKey}`),
          await ask(`GET /api/v2/receipt/${key}`),
          await ask(`POST /api/v2/secret/${secretKey}/reveal`, CONFIRMED),
        ];
        if (isThere) {
          expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200]);
          continue;
        }
        for (const answer of answers) expect(answer.body).toBe(GONE);
        expect((await ask(`POST /api/v2/receipt/${key}/burn`, CONFIRMED)).body).toBe(GONE);
        // Gone here, and neither looked at nor consumed.
        const receipt = await tenants.call(home, maker, `GET /api/v2/receipt/${key}`);
        expect(receipt.json()).toMatchObject({ record: { state: 'new', is_previewed: false } });
        const read = await tenants.call(
          home,
          'anonymous',
          `POST /api/v2/secret/${secretKey}/reveal`,
          CONFIRMED,
        );
        expect(read.json()).toMatchObject({ record: { secret_value: 's3' } });
      }
    },
  );
});

describe('the recent list', () => {
  const list = async (place: Place, who: Who) => {
    const answer = await tenants.call(place, who, 'GET /api/v2/receipt/recent');
    return recentAnswer.parse(answer.json());
  };

  it('has all of the account on R, those of D for the owner on D, and none of others', async () => {
    const ofRegion = await made('R', 'owner');
    const ofDomain = await made('D', 'owner');
    const foreign = await made('OTHER', 'stranger');
    const keysOf = async (place: Place, who: Who) =>
      (await list(place, who)).records.map(({ key }) => key);
    expect((await list('R', 'owner')).custid).toBe(OWNER.email);
    expect((await keysOf('R', 'owner')).slice(0, 2)).toEqual([ofDomain.key, ofRegion.key]);
    expect(await keysOf('R', 'owner')).not.toContain(foreign.key);
    const onDomain = await keysOf('D', 'owner');
    expect([onDomain.includes(ofDomain.key), onDomain.includes(ofRegion.key)]).toEqual([
      true,
      false,
    ]);
    expect(await keysOf('R', 'stranger')).toContain(foreign.key);
  });

  it.each([
    ['R', 'anonymous', '[AUTH_HEADER_MISSING] No credentials'],
    ['D', 'anonymous', '[AUTH_HEADER_MISSING] No credentials'],
    ['D', 'stranger', 'Not authorized for this record'],
    ['OTHER', 'owner', 'Not authorized for this record'],
  ] as const)('is refused on %s for the %s', async (place, who, message) => {
    for (const name of ['receipt', 'private']) {
      const answer = await tenants.call(place, who, `GET /api/v2/${name}/recent`);
      expect([answer.statusCode, answer.json()]).toMatchObject([401, { message }]);
    }
  });
});
