import { NO_POLICY, type DomainPolicy } from '../../../src/domains/domain-policy.js';
import { DomainApi, type Json } from './domain-api.js';
import { HOSTS, OPEN, TwoTenants, type Place, type Who } from './two-tenants.js';

let tenants: TwoTenants;

beforeAll(async () => {
  tenants = await TwoTenants.start();
});
afterAll(() => tenants.close());
beforeEach(() => Object.assign(tenants.switches, OPEN));

function demand(policy: Partial<DomainPolicy>): void {
  tenants.switches.policy = { ...NO_POLICY, ...policy };
}

type Form = Record<string, string>;

/** Every way to a new secret of D: what is answered, and what the secret's receipt then says. */
const WAYS: readonly [name: string, place: Place, who: Who, send: (form: Form) => Promise<Made>][] =
  [
    ['v1 by a guest on D', 'D', 'anonymous', byV1('D', 'anonymous')],
    ['v1 by the owner on D', 'D', 'owner', byV1('D', 'owner')],
    ['v1 by the owner on R', 'R', 'owner', byV1('R', 'owner')],
    ['v2 by a guest on D', 'D', 'anonymous', byV2('D', 'anonymous')],
    ['v2 by the owner on R', 'R', 'owner', byV2('R', 'owner')],
    ['v1 by its other name', 'D', 'anonymous', byV1('D', 'anonymous', 'create')],
    ['v1 generates for a guest', 'D', 'anonymous', byV1('D', 'anonymous', 'generate')],
    ['v1 generates for the owner on R', 'R', 'owner', byV1('R', 'owner', 'generate')],
    ['v2 by the route of guests', 'D', 'anonymous', byV2('D', 'anonymous', 'guest/secret/conceal')],
    ['v2 by the owner there', 'D', 'owner', byV2('D', 'owner', 'guest/secret/conceal')],
    ['v2 generates for a guest', 'D', 'anonymous', byV2('D', 'anonymous', 'secret/generate')],
    ['v2 generates for the owner on R', 'R', 'owner', byV2('R', 'owner', 'secret/generate')],
    ['the page by a guest', 'D', 'anonymous', byPage('anonymous')],
    ['the page by the owner', 'D', 'owner', byPage('owner')],
    ['the page generates', 'D', 'anonymous', byPage('anonymous', 'generate')],
  ];

interface Made {
  readonly status: number;
  readonly body: string;
  /** Null when it was refused. */
  readonly ttlSeconds: number | null;
}

function byV1(place: Place, who: Who, route = 'share') {
  return async (form: Form): Promise<Made> => {
    const asked = { secret: 's', share_domain: place === 'R' ? HOSTS.D : '', ...form };
    const answer = await tenants.send(place, who, 'POST', `/api/v1/${route}`, asked);
    return made(answer, answer.status === 200 ? Number(answer.json()['secret_ttl']) : null);
  };
}

function byV2(place: Place, who: Who, route = 'secret/conceal') {
  return async ({ ttl, passphrase }: Form): Promise<Made> => {
    const share_domain = place === 'R' ? HOSTS.D : '';
    const isGenerated = route.endsWith('generate');
    const value = isGenerated ? { kind: 'generate' } : { kind: 'share', secret: 's' };
    const secret = { ...value, share_domain, ttl, passphrase };
    const answer = await tenants.call(place, who, `POST /api/v2/${route}`, { secret });
    const { record } = answer.json<{ record?: { receipt: Json } }>();
    return made(
      { status: answer.statusCode, body: answer.body },
      record === undefined ? null : Number(record.receipt['secret_ttl']),
    );
  };
}

function byPage(who: Who, kind = 'share') {
  return async (form: Form): Promise<Made> => {
    const answer = await tenants.send('D', who, 'POST', '/', { secret: 's', kind, ...form });
    const [row] = await tenants.database.dataSource.query<{ ttl: number }[]>(
      'select ttl_seconds as ttl from receipts order by created_at desc limit 1',
    );
    return made(answer, answer.status === 303 ? (row?.ttl ?? null) : null);
  };
}

function made({ status, body }: { status: number; body: string }, ttlSeconds: number | null): Made {
  return { status, body, ttlSeconds };
}

describe('the policy of a domain', () => {
  it.each(WAYS)(
    'sets the default and the longest time to live: %s',
    async (_name, _p, _w, send) => {
      demand({ ttlSecondsDefault: 3600, ttlSecondsMax: 7200 });
      expect((await send({})).ttlSeconds).toBe(3600);
      expect((await send({ ttl: '1800' })).ttlSeconds).toBe(1800);
      expect((await send({ ttl: '999999' })).ttlSeconds).toBe(7200);
    },
  );

  it.each(WAYS)(
    'grants no longer time to live, however it is asked for: %s',
    async (_name, _p, _w, send) => {
      demand({ ttlSecondsDefault: 3600, ttlSecondsMax: 7200 });
      for (const ttl of [
        '1e9',
        '9'.repeat(40),
        '+7201',
        '7200.9',
        '-1',
        '0',
        'Infinity',
        'x',
        ' ',
      ]) {
        const { ttlSeconds } = await send({ ttl });
        expect({ ttl, isTooLong: (ttlSeconds ?? 0) > 7200 }).toEqual({ ttl, isTooLong: false });
      }
    },
  );

  it.each(WAYS)(
    'refuses what has no passphrase or a short one: %s',
    async (_name, _p, _w, send) => {
      demand({ isPassphraseRequired: true, passphraseLengthMin: 9 });
      // In characters: combining marks and halves of pairs are none.
      const short = ['', '12345678', 'e\u0301'.repeat(8), '\u{1F511}'.repeat(8)];
      for (const form of [{}, ...short.map((passphrase) => ({ passphrase }))]) {
        const { status, ttlSeconds } = await send(form);
        expect({ isRefused: status >= 400 && status < 500, ttlSeconds }).toEqual({
          isRefused: true,
          ttlSeconds: null,
        });
      }
      expect((await send({ passphrase: '123456789' })).ttlSeconds).toBe(604_800);
    },
  );

  it.each(WAYS)(
    'lets the plan of the owner count for everybody: %s',
    async (_name, _p, _w, send) => {
      const month = 30 * 86_400;
      expect((await send({ ttl: String(month + 1) })).ttlSeconds).toBe(month);
    },
  );

  it('lets a guest write as much as the plan of the owner allows, and no more', async () => {
    for (const [ownerPlan, bytes] of [
      ['identity_plus', 100_000],
      ['basic', 10_000],
    ] as const) {
      tenants.switches.ownerPlan = ownerPlan;
      for (const send of [byV1('D', 'anonymous'), byPage('anonymous')]) {
        expect((await send({ secret: 'x'.repeat(bytes) })).ttlSeconds).not.toBeNull();
        expect((await send({ secret: 'x'.repeat(bytes + 1) })).ttlSeconds).toBeNull();
      }
    }
  });

  it('lets the policy be no longer than a plan that has become smaller', async () => {
    demand({ ttlSecondsDefault: 30 * 86_400, ttlSecondsMax: 30 * 86_400 });
    tenants.switches.ownerPlan = 'basic';
    for (const send of [byV1('D', 'anonymous'), byV2('D', 'anonymous'), byPage('anonymous')])
      for (const form of [{}, { ttl: String(30 * 86_400) }])
        expect((await send(form)).ttlSeconds).toBe(14 * 86_400);
  });

  it('refuses a generated value without the passphrase too', async () => {
    demand({ isPassphraseRequired: true });
    const answer = await tenants.send('D', 'anonymous', 'POST', '/api/v1/generate');
    expect(answer.json()).toEqual({ message: 'A passphrase is required' });
    const page = await tenants.send('D', 'anonymous', 'POST', '/', { kind: 'generate' });
    expect([page.status, page.body]).toEqual([
      400,
      expect.stringContaining('A passphrase is needed here.'),
    ]);
  });

  it('is what the create page offers', async () => {
    demand({
      ttlSecondsDefault: 5400,
      ttlSecondsMax: 7200,
      isPassphraseRequired: true,
      passphraseLengthMin: 12,
    });
    const { body } = await tenants.send('D', 'anonymous', 'GET', '/');
    expect([...body.matchAll(/<option value="(\d+)"/g)].map(([, seconds]) => seconds)).toEqual([
      '300',
      '1800',
      '3600',
      '5400',
      '7200',
    ]);
    expect(body).toMatch(/<option value="5400" selected[^>]*>90 minutes</);
    expect(body).toContain('12 to 128 characters');
    expect(body).toMatch(/<details open/);
    const other = await tenants.send('R', 'anonymous', 'GET', '/');
    expect(other.body).toContain('4 to 128 characters');
  });

  it('does not count for links of the region’s own host', async () => {
    demand({ isPassphraseRequired: true, ttlSecondsDefault: 60 });
    const answer = await tenants.send('R', 'owner', 'POST', '/api/v1/share', { secret: 's' });
    expect(answer.json()).toMatchObject({ secret_ttl: 604_800 });
  });
});

describe('GET and PUT /api/domains/:id/policy', () => {
  const AT_FIRST = {
    default_ttl: null,
    max_ttl: null,
    passphrase_required: false,
    passphrase_min_length: null,
    opens_on_region_host: true,
    homepage_enabled: false,
    api_enabled: false,
  };
  let api: DomainApi;
  let owner: string;
  let path: string;

  beforeAll(async () => {
    api = await DomainApi.start();
    owner = await api.signUp();
  });
  afterAll(() => api.close());
  beforeEach(async () => {
    const { id } = await api.claim(
      owner,
      `p${String(performance.now()).replace('.', '')}.example.com`,
    );
    path = `/${String(id)}/policy`;
  });

  const put = (body: unknown, who = owner) => api.send(who, 'PUT', path, { body });

  it('begins with no demand', async () => {
    const answer = await api.send(owner, 'GET', path);
    expect(answer.record()).toEqual({ domain_id: path.split('/')[1], ...AT_FIRST });
  });

  it('changes what is sent, keeps the rest, and takes null as at first', async () => {
    await put({ default_ttl: 3600, max_ttl: 7200, passphrase_required: true, api_enabled: true });
    const changed = await put({ passphrase_min_length: 12, max_ttl: null, api_enabled: null });
    const wanted = { default_ttl: 3600, passphrase_required: true, passphrase_min_length: 12 };
    expect(changed.record()).toMatchObject({ ...AT_FIRST, ...wanted });
    const got = await api.send(owner, 'GET', path);
    expect(got.record()).toEqual(changed.record());
  });

  it('writes one event for a change and none for the same again', async () => {
    await put({ opens_on_region_host: false });
    await put({ opens_on_region_host: false });
    const events = await api.send(owner, 'GET', path.replace('policy', 'events'));
    expect(events.records().filter(({ type }) => type === 'configured')).toEqual([
      expect.objectContaining({
        detail: expect.objectContaining({
          homepage: false,
          policy: expect.objectContaining({ opens_on_region_host: false, max_ttl: null }),
        }),
      }),
    ]);
  });

  it.each([
    ['default_ttl', { default_ttl: 59 }],
    ['default_ttl', { default_ttl: 3600.5 }],
    ['max_ttl', { max_ttl: 2_592_001 }],
    ['max_ttl', { max_ttl: '3600' }],
    ['passphrase_min_length', { passphrase_min_length: 3 }],
    ['passphrase_min_length', { passphrase_min_length: 129 }],
    ['passphrase_required', { passphrase_required: 'yes' }],
    ['default_ttl', { default_ttl: 7200, max_ttl: 3600 }],
  ])('refuses a wrong %s: %j', async (field, body) => {
    const answer = await put(body);
    expect([answer.status, answer.json()]).toEqual([422, expect.objectContaining({ field })]);
    expect((await api.send(owner, 'GET', path)).record()).toMatchObject(AT_FIRST);
  });

  it('refuses a default beyond the longest one that is set already', async () => {
    await put({ max_ttl: 3600 });
    expect((await put({ default_ttl: 7200 })).json()).toMatchObject({ field: 'default_ttl' });
  });

  it('is nobody else’s: for another account there is no such domain', async () => {
    const stranger = await api.signUp();
    for (const answer of [await api.send(stranger, 'GET', path), await put({}, stranger)])
      expect([answer.status, answer.json()]).toEqual([
        404,
        expect.objectContaining({ error: 'Domain not found' }),
      ]);
  });
});
