import { NO_LOOK } from '../../../src/domains/domain-look.js';
import { NO_POLICY } from '../../../src/domains/domain-policy.js';
import { BasicGuard } from '../../../src/auth/basic.guard.js';
import { requireHostname } from '../../../src/shared/hostname.js';
import { customTenant } from '../../../src/tenancy/custom-tenant.js';
import { TENANT } from '../../fakes/sample-values.js';
import { basic, startCell, type Cell } from './auth-cell.js';

describe(BasicGuard.name, () => {
  let eu: Cell;
  let us: Cell;
  let ann: string;

  beforeAll(async () => {
    eu = await startCell('eu');
    us = await startCell('us');
    ann = basic('ann@example.com', (await eu.accounts.create('ann@example.com', 'basic')).token);
  });

  afterAll(() => Promise.all([eu.close(), us.close()]));

  it('accepts a request without an Authorization header as anonymous', async () => {
    expect(await eu.get('/who')).toBe('anonymous');
  });

  it('refuses anonymous callers where an account is required', async () => {
    expect(await eu.get('/members')).toBe('not_authorized');
    expect(await eu.get('/members', ann)).toBe('ann@example.com');
  });

  it('accepts the credentials of an account', async () => {
    expect(await eu.get('/who', ann)).toBe('ann@example.com');
    expect(await eu.get('/who', ann.replace('Basic', 'bASIC'))).toBe('ann@example.com');
  });

  it.each([
    ['an empty header', () => ['']],
    ['Bearer', () => [ann.replace('Basic', 'Bearer')]],
    ['XBasic', () => [`X${ann}`]],
    ['text after the base64', () => [`${ann} junk`]],
    ['user:token:junk', () => [`Basic ${btoa(`${atob(ann.slice(6))}:junk`)}`]],
    ['an empty user and token', () => ['Basic Og==']],
    ['an empty token', () => [basic('ann@example.com', '')]],
    ['an unknown login', () => [basic('bob@example.com', 'x')]],
    ['a wrong token', () => [basic('ann@example.com', '0'.repeat(40))]],
    ['two headers, the first of them good', () => [ann, basic('ann@example.com', 'x')]],
    ['two headers, both good', () => [ann, ann]],
  ])('refuses %s and does not treat it as anonymous', async (_, headers) => {
    expect(await eu.get('/who', ...headers())).toBe('not_authorized');
    expect(await eu.get('/members', ...headers())).toBe('not_authorized');
  });

  it('verifies each of two cells in one process against its own accounts', async () => {
    const bob = basic(
      'bob@example.net',
      (await us.accounts.create('bob@example.net', 'basic')).token,
    );
    const answers = await Promise.all([
      eu.get('/who', ann),
      us.get('/who', ann),
      eu.get('/who', bob),
      us.get('/who', bob),
    ]);
    expect(answers).toEqual([
      'ann@example.com',
      'not_authorized',
      'not_authorized',
      'bob@example.net',
    ]);
  });

  it('verifies a region that is started again against the accounts of the new cell', async () => {
    const failed = await startCell('again');
    await failed.close();
    const cell = await startCell('again');
    const { token } = await cell.accounts.create('cat@example.com', 'basic');
    expect(await cell.get('/who', basic('cat@example.com', token))).toBe('cat@example.com');
    await cell.close();
  });

  describe('on a custom domain', () => {
    let owner: string;

    beforeAll(async () => {
      const { account, token } = await eu.accounts.create('owner@example.com', 'identity_plus');
      owner = basic('owner@example.com', token);
      const custom = {
        domainId: 'd',
        apiEnabled: true,
        homepageEnabled: true,
        policy: NO_POLICY,
        look: NO_LOOK,
        lookDomainId: 'd',
        ownerPlan: 'identity_plus',
      } as const;
      const hostname = requireHostname('secrets.example.com');
      eu.tenant = customTenant(TENANT, { ...custom, hostname, ownerId: account.id }, 443);
    });

    afterAll(() => {
      eu.tenant = TENANT;
    });

    it('accepts only the owner where an account is required', async () => {
      expect(await eu.get('/members', owner)).toBe('owner@example.com');
      expect(await eu.get('/members', ann)).toBe('not_authorized');
      expect(await eu.get('/members')).toBe('not_authorized');
    });

    it('authenticates an account that does not own the domain', async () => {
      expect(await eu.get('/who', ann)).toBe('ann@example.com');
      expect(await eu.get('/who', basic('ann@example.com', 'x'))).toBe('not_authorized');
    });

    it('answers a route of the region host like an unknown path, with any credentials', async () => {
      for (const headers of [[], [owner], [ann], ['Bearer x']])
        expect(await eu.get('/set-up', ...headers)).toBe('no such route');
    });
  });

  it('answers unavailable, not "Not authorized", when the accounts cannot be read', async () => {
    const cell = await startCell('away');
    await cell.database.dataSource.destroy();
    expect(await cell.get('/who', ann)).toBe('unavailable');
    expect(await cell.get('/who')).toBe('anonymous');
    await cell.close();
  });
});
