import { NO_LOOK } from '../domains/domain-look.js';
import { NO_POLICY } from '../domains/domain-policy.js';
import type { Account, AccountId } from '../accounts/account.js';
import type { Caller } from '../auth/caller.js';
import { requireHostname } from '../shared/hostname.js';
import { customTenant } from '../tenancy/custom-tenant.js';
import type { CustomDomain, Tenant } from '../tenancy/tenant.js';
import { linkDomainOf, mayCreateHere } from './link-domain.js';
import type { Surface } from './receipt.js';
import type { ShareDomains, ShareDomainState } from './share-domains.js';

const host = requireHostname('eu.onetime.example');
const region = {
  domain: null,
  customDomain: null,
  hostname: host,
  canonicalHostnames: [host, requireHostname('onetime.example')],
} as unknown as Tenant;
const owner = { id: 'owner' as AccountId } as Account;
const stranger = { id: 'stranger' as AccountId } as Account;

const STATES: Readonly<Record<string, ShareDomainState>> = {
  'mine.example.com': 'serving',
  'pending.example.com': 'not_serving',
};
const shareDomains: ShareDomains = {
  find: async (account, hostname) => ({
    state: account === owner.id ? (STATES[hostname] ?? 'foreign') : 'foreign',
    policy: NO_POLICY,
    look: NO_LOOK,
  }),
};

function on(tenant: Tenant, account: Account | null): Caller {
  return {
    tenant,
    account,
    token: null,
    session: null,
    network: '203.0.113.0/24',
    client: { near: '203.0.113.9/32', wide: null },
  };
}

async function linkOf(caller: Caller, shareDomain: string | null, surface: Surface = 'api') {
  const link = await linkDomainOf(caller, { shareDomain, surface }, shareDomains);
  return link?.hostname ?? null;
}

const permission = (name: string) => ({
  code: 'forbidden',
  message: `You do not have permission to use domain: ${name}`,
});

describe('a link made on the region’s own host', () => {
  it.each([
    null,
    '',
    ' ',
    'not a host',
    'onetime.example',
    'EU.onetime.example.',
    '1.2.3.4',
    'a.example:443',
  ])('names no domain when the request names none: %j', async (shareDomain) => {
    await expect(linkOf(on(region, null), shareDomain)).resolves.toBeNull();
    await expect(linkOf(on(region, owner), shareDomain)).resolves.toBeNull();
  });

  it('names the account’s own serving domain, in any spelling', async () => {
    await expect(linkOf(on(region, owner), ' MINE.example.com. ')).resolves.toBe(
      'mine.example.com',
    );
  });

  it('is refused for an own domain that does not serve', async () => {
    await expect(linkOf(on(region, owner), 'pending.example.com')).rejects.toMatchObject({
      code: 'invalid_request',
      message: 'Custom domain is not verified: pending.example.com',
    });
  });

  it('is refused alike for another account’s domain and for an unknown one', async () => {
    await expect(linkOf(on(region, stranger), 'mine.example.com')).rejects.toMatchObject(
      permission('mine.example.com'),
    );
    await expect(linkOf(on(region, stranger), 'nobodys.example.com')).rejects.toMatchObject(
      permission('nobodys.example.com'),
    );
  });

  it('is refused for a custom domain without an account', async () => {
    await expect(linkOf(on(region, null), 'mine.example.com')).rejects.toMatchObject(
      permission('mine.example.com'),
    );
  });
});

describe('a link made on a custom domain', () => {
  const hostname = requireHostname('secrets.example.com');
  const disabled = `Public sharing disabled for domain: ${hostname}`;

  function domain(switches: Partial<CustomDomain> = {}): Tenant {
    const closed = {
      apiEnabled: false,
      homepageEnabled: false,
      policy: NO_POLICY,
      look: NO_LOOK,
      lookDomainId: 'd',
      ownerPlan: 'identity_plus',
    } as const;
    return customTenant(
      region,
      { hostname, domainId: 'd', ownerId: owner.id, ...closed, ...switches },
      443,
    );
  }

  it.each([null, 'mine.example.com', 'pending.example.com', 'nobodys.example.com'])(
    'names that domain for its owner, for any requested domain: %j',
    async (shareDomain) => {
      await expect(linkOf(on(domain(), owner), shareDomain)).resolves.toBe(hostname);
    },
  );

  it.each([
    ['api', { apiEnabled: true }, true],
    ['api', { homepageEnabled: true }, false],
    ['page', { homepageEnabled: true }, true],
    ['page', { apiEnabled: true }, false],
    ['api', {}, false],
    ['page', {}, false],
  ] as const)(
    'for guests on the %s with %j is allowed: %s',
    async (surface, switches, isAllowed) => {
      const guest = on(domain(switches), null);
      expect(mayCreateHere(guest, surface)).toBe(isAllowed);
      const link = linkOf(guest, 'mine.example.com', surface);
      if (isAllowed) await expect(link).resolves.toBe(hostname);
      else await expect(link).rejects.toMatchObject({ code: 'forbidden', message: disabled });
    },
  );

  it.each(['api', 'page'] as const)('is refused for another account on the %s', async (surface) => {
    const open = domain({ apiEnabled: true, homepageEnabled: true });
    expect(mayCreateHere(on(open, stranger), surface)).toBe(false);
    await expect(linkOf(on(open, stranger), null, surface)).rejects.toMatchObject(
      permission(hostname),
    );
  });
});
