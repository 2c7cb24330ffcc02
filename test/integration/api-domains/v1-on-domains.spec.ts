import { HOSTS, UNCLAIMED, PENDING, TwoTenants, type Place, type Who } from './two-tenants.js';

let tenants: TwoTenants;

beforeAll(async () => {
  tenants = await TwoTenants.start();
});
afterAll(() => tenants.close());
beforeEach(() => Object.assign(tenants.switches, { apiEnabled: true, homepageEnabled: true }));

const NOT_AUTHORIZED = { status: 404, intended: '401', body: '{"message":"Not authorized"}' };
const refused = (message: string) => ({
  status: 404,
  intended: '400',
  body: JSON.stringify({ message }),
});
const permission = (name: string) => `You do not have permission to use domain: ${name}`;
const everyCaller = (['R', 'D'] as const).flatMap((place) =>
  (['anonymous', 'owner', 'stranger'] as const).map((who) => [place, who] as const),
);

describe('status and authcheck', () => {
  it.each(everyCaller)('status on %s answers the %s', async (place, who) => {
    const answer = await tenants.send(place, who, 'GET', '/api/v1/status');
    expect(answer).toMatchObject({ status: 200, body: '{"status":"nominal","locale":"en"}' });
  });

  it.each([
    ['R', 'owner', true],
    ['R', 'stranger', true],
    ['R', 'anonymous', false],
    ['D', 'owner', true],
    ['D', 'stranger', false],
    ['D', 'anonymous', false],
    ['D', 'wrong', false],
  ] as const)('authcheck on %s for the %s: %s', async (place, who, isAllowed) => {
    const answer = await tenants.send(place, who, 'GET', '/api/v1/authcheck');
    if (isAllowed) expect(answer.status).toBe(200);
    else expect(answer).toMatchObject(NOT_AUTHORIZED);
  });
});

describe('creating on R', () => {
  it.each(['anonymous', 'owner', 'stranger'] as const)('is allowed for the %s', async (who) => {
    for (const route of ['share', 'create', 'generate']) {
      const answer = await tenants.send('R', who, 'POST', `/api/v1/${route}`, { secret: 's' });
      expect(answer.status).toBe(200);
      const { share_domain: domain, metadata_url: url } = answer.json();
      expect([domain, url]).toEqual(['', expect.stringContaining(`https://${HOSTS.R}/receipt/`)]);
    }
  });

  it.each([
    ['anonymous', HOSTS.D, permission(HOSTS.D)],
    ['anonymous', UNCLAIMED, permission(UNCLAIMED)],
    ['stranger', HOSTS.D, permission(HOSTS.D)],
    ['stranger', UNCLAIMED, permission(UNCLAIMED)],
    ['owner', HOSTS.OTHER, permission(HOSTS.OTHER)],
    ['owner', PENDING, `Custom domain is not verified: ${PENDING}`],
  ] as const)('by the %s with share_domain %s: "%s"', async (who, name, message) => {
    for (const route of ['share', 'generate']) {
      const form = { secret: 's', share_domain: name };
      const answer = await tenants.send('R', who, 'POST', `/api/v1/${route}`, form);
      expect(answer).toMatchObject(refused(message));
    }
  });

  it('by the owner with share_domain D: the link is D’s', async () => {
    const form = { secret: 's', share_domain: HOSTS.D };
    const answer = await tenants.send('R', 'owner', 'POST', '/api/v1/share', form);
    expect(answer.json()).toMatchObject({
      share_domain: HOSTS.D,
      metadata_url: expect.stringContaining(`https://${HOSTS.D}/receipt/`),
    });
  });
});

describe('creating on D', () => {
  it.each([
    ['owner', false],
    ['owner', true],
    ['anonymous', true],
  ] as const)(
    'by the %s (anonymous callers allowed: %s): the link is D’s',
    async (who, apiEnabled) => {
      tenants.switches.apiEnabled = apiEnabled;
      for (const name of ['', HOSTS.D, HOSTS.OTHER, PENDING, UNCLAIMED]) {
        const form = { secret: 's', share_domain: name };
        const answer = await tenants.send('D', who, 'POST', '/api/v1/share', form);
        expect(answer.status).toBe(200);
        expect(answer.json()).toMatchObject({
          share_domain: HOSTS.D,
          metadata_url: expect.stringContaining(`https://${HOSTS.D}/receipt/`),
        });
        expect(answer.body).not.toContain(HOSTS.R);
      }
    },
  );

  it('by anonymous callers is refused when api-config is off, also with homepage-config on', async () => {
    tenants.switches.apiEnabled = false;
    for (const route of ['share', 'create', 'generate']) {
      const answer = await tenants.send('D', 'anonymous', 'POST', `/api/v1/${route}`, {
        secret: 's',
      });
      expect(answer).toMatchObject(refused(`Public sharing disabled for domain: ${HOSTS.D}`));
    }
  });

  it.each([true, false])(
    'by a stranger is refused (anonymous callers allowed: %s)',
    async (apiEnabled) => {
      tenants.switches.apiEnabled = apiEnabled;
      const form = { secret: 's', share_domain: HOSTS.OTHER };
      const answer = await tenants.send('D', 'stranger', 'POST', '/api/v1/share', form);
      expect(answer).toMatchObject(refused(permission(HOSTS.D)));
    },
  );

  it('with wrong credentials is refused', async () => {
    const answer = await tenants.send('D', 'wrong', 'POST', '/api/v1/share', { secret: 's' });
    expect(answer).toMatchObject(NOT_AUTHORIZED);
  });
});

describe('revealing, showing and burning', () => {
  const askers: readonly (readonly [Place, Who])[] = everyCaller;

  it.each(askers)(
    'finds the secrets of the host, and on R of every host: on %s by the %s',
    async (place, who) => {
      for (const home of ['R', 'D', 'OTHER'] as const) {
        const isThere = place === 'R' || home === place;
        const maker = home === 'OTHER' ? 'stranger' : 'owner';
        const { secretKey, metadataKey } = await tenants.share(home, maker);
        const looked = await tenants.send(place, who, 'GET', `/api/v1/private/${metadataKey}`);
        const revealed = await tenants.send(place, who, 'POST', `/api/v1/secret/${secretKey}`);
        expect([looked.status, revealed.status]).toEqual(isThere ? [200, 200] : [404, 404]);
        if (isThere) continue;
        expect(looked.json()).toEqual({ secret_key: metadataKey, message: 'Unknown secret' });
        expect(revealed.json()).toEqual({ secret_key: secretKey, message: 'Unknown secret' });
        // Gone here and not consumed: neither viewed nor received.
        const fetched = await tenants.send(home, maker, 'GET', `/api/v1/private/${metadataKey}`);
        expect(fetched.json()).toMatchObject({ state: 'new' });
        const read = await tenants.send(home, 'anonymous', 'POST', `/api/v1/secret/${secretKey}`);
        expect(read.json()).toMatchObject({ value: 's3' });
      }
    },
  );

  it.each(askers)(
    'burns the secrets of the host, and on R of every host: on %s by the %s',
    async (place, who) => {
      for (const home of ['R', 'D', 'OTHER'] as const) {
        const isThere = place === 'R' || home === place;
        const { metadataKey } = await tenants.share(home, home === 'OTHER' ? 'stranger' : 'owner');
        const burned = await tenants.send(
          place,
          who,
          'POST',
          `/api/v1/private/${metadataKey}/burn`,
        );
        expect(burned.status).toBe(isThere ? 200 : 404);
        const { state } = (
          await tenants.send('R', 'anonymous', 'GET', `/api/v1/private/${metadataKey}`)
        ).json();
        expect(state).toBe(isThere ? 'burned' : 'new');
      }
    },
  );
});

async function recentKeys(place: Place, who: Who): Promise<unknown[]> {
  const answer = await tenants.send(place, who, 'GET', '/api/v1/private/recent');
  expect(answer.status).toBe(200);
  return (answer.json() as unknown as Record<string, unknown>[]).map(
    ({ metadata_key: key }) => key,
  );
}

describe('the recent list', () => {
  it('has all receipts of the account on R, those of D for the owner on D, and none of others', async () => {
    const { metadataKey: ofRegion } = await tenants.share('R', 'owner');
    const { metadataKey: ofDomain } = await tenants.share('D', 'owner');
    const { metadataKey: foreign } = await tenants.share('OTHER', 'stranger');

    const onRegion = await recentKeys('R', 'owner');
    expect(onRegion).toEqual(expect.arrayContaining([ofRegion, ofDomain]));
    expect(onRegion).not.toContain(foreign);
    const onDomain = await recentKeys('D', 'owner');
    expect(onDomain).toContain(ofDomain);
    expect(onDomain).not.toContain(ofRegion);
    expect(await recentKeys('R', 'stranger')).toContain(foreign);
  });

  it.each([
    ['R', 'anonymous'],
    ['D', 'anonymous'],
    ['D', 'stranger'],
    ['OTHER', 'owner'],
  ] as const)('is refused on %s for the %s', async (place, who) => {
    for (const method of ['GET', 'POST'] as const) {
      const answer = await tenants.send(place, who, method, '/api/v1/private/recent');
      expect(answer).toMatchObject(NOT_AUTHORIZED);
    }
  });
});
