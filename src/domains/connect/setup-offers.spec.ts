import { generateKeyPairSync, randomBytes } from 'node:crypto';
import {
  CHALLENGE,
  FOREIGN_ADDRESS,
  DELEGATION_TARGET,
  found,
  healthyFacts,
  NODATA,
  OUR_ADDRESS,
  probed,
  SERVFAIL,
} from '../../../test/fakes/domain-facts.js';
import { aDomain } from '../../../test/fakes/sample-domain.js';
import type { CellConfig } from '../../config/cell-config.js';
import type { Region } from '../../config/region.js';
import { SystemClock } from '../../shared/clock.js';
import { DAY, MINUTE } from '../../shared/durations.js';
import { requireHostname } from '../../shared/hostname.js';
import type { Domain } from '../domain.js';
import { ACME_CHALLENGE_UNASKED, type DomainFacts } from '../domain-facts.js';
import { adviseRecords } from '../diagnosis/record-advice.js';
import { isSignatureOf } from './apply-signature.js';
import type { KeyPublication } from './key-publication.js';
import { SetupOffers } from './setup-offers.js';
import { serviceIdOf } from './templates.js';

const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const SIGNED = /^([^?]+)\?(.*)&key=_dck1&sig=([^&]+)$/;

function offersOf({ nameServers = [] as string[], keyState = 'published' } = {}) {
  const config = {
    region: 'eu' as Region,
    host: requireHostname('eu.onetime.example'),
    publicHttpsPort: 443,
    rootKeys: [{ version: 1, bytes: randomBytes(32) }],
    ingressAddresses: [],
    nameServers,
    domainConnect: { key: keys.privateKey, keyLabel: '_dck1', providerId: 'onetime.example' },
  } as unknown as CellConfig;
  return new SetupOffers(config, { state: keyState } as KeyPublication, new SystemClock());
}

const MISSING = { a: NODATA, aaaa: NODATA, cname: NODATA, txt: NODATA };
const UNASKED = { status: 'unasked' } as const;
const UNSEEN = {
  a: UNASKED,
  aaaa: UNASKED,
  cname: UNASKED,
  txt: UNASKED,
  mx: UNASKED,
  txtAtName: UNASKED,
};
const NO_CHALLENGE = { cname: NODATA, txt: NODATA, wildcard: false, foundAt: null };

/** A claim whose provider can make its records. */
function provided(changes: Partial<Domain> = {}, isDelegable = false): Domain {
  const pending = aDomain({ ownership: 'pending', pointedAt: null, ...changes });
  const own = { region: 'eu' as Region, isDelegable };
  return {
    ...pending,
    setup: {
      state: 'available',
      zone: 'example.com',
      serviceId: serviceIdOf(own, pending.isApex),
      provider: { id: 'dns.example', name: 'DNS Example' },
      syncUrl: 'https://panel.dns.example/connect',
      controlPanel: null,
      window: { width: 750, height: 750 },
    },
    ...changes,
  };
}

/** @param delegated the region's name server is reached */
function facts(changes: Partial<DomainFacts> = {}, delegated = false): DomainFacts {
  const plain = healthyFacts({ ...MISSING, ...changes });
  const delegation = { ...plain.expected.delegation, isOffered: delegated };
  return { ...plain, expected: { ...plain.expected, delegation } };
}

async function linksOf(offers: SetupOffers, domain: Domain, seen: DomainFacts) {
  return offers.linksOf(domain, offers.pictureOf(domain, seen));
}

/** The types of the records that the customer is told of. */
function writtenBy(offers: SetupOffers, domain: Domain, seen: DomainFacts) {
  const { writes = [] } = offers.pictureOf(domain, seen) ?? {};
  return writes.map((index) => adviseRecords(seen)[index]?.type);
}

describe('the offer of a DNS provider', () => {
  it('has a signed link with the values of the claim', async () => {
    const links = await linksOf(offersOf(), provided(), facts());
    const [, place, query = '', sig = ''] = SIGNED.exec(links?.url ?? '') ?? [];
    expect(place).toMatch(/onetime\.example\/services\/custom-domain-basic\/apply$/);
    expect(isSignatureOf(query, decodeURIComponent(sig), keys.publicKey)).toBe(true);
    const { redirect_uri: back, ...values } = Object.fromEntries(new URLSearchParams(query));
    expect(back).toMatch(/^https:\/\/eu\.onetime\.example\/domain-connect\/return\/cd[0-9a-z.]+$/);
    expect(values).toEqual({
      domain: 'example.com',
      host: 'secrets',
      region: 'eu',
      target: 'k3v9q2m8x7c1b5n0',
      challenge: 'a1b2c3d',
      proof: '0123456789abcdef0123456789abcdef',
    });
    expect(links?.prepareUrl).toBeNull();
  });

  it('is in two steps where a certificate can come before the switch', async () => {
    const offers = offersOf({ nameServers: ['ns1.onetime.example'] });
    const seen = facts({ acmeChallenge: NO_CHALLENGE }, true);
    const links = await linksOf(offers, provided({}, true), seen);
    expect(links?.url).toContain('/services/custom-domain/apply?');
    expect(links?.url).not.toContain('groupId');
    expect(links?.prepareUrl).toContain('&groupId=certify%2Cprove&');
    // Nobody would be led to our name server yet.
    const unreached = await linksOf(offers, provided({}, true), facts());
    expect(unreached?.url).toContain('&groupId=prove%2Croute&');
    expect(unreached?.prepareUrl).toBeNull();
  });

  it('prepares nothing more once all is prepared, and has the link of the switch', async () => {
    const offers = offersOf({ nameServers: ['ns1.onetime.example'] });
    const made = { ...NO_CHALLENGE, cname: found(DELEGATION_TARGET) };
    const linksWith = (seen: Partial<DomainFacts>) =>
      linksOf(offers, provided({}, true), facts(seen, true));
    const half = await linksWith({ acmeChallenge: made });
    expect(half?.prepareUrl).not.toBeNull();
    const whole = await linksWith({ acmeChallenge: made, txt: found(CHALLENGE) });
    expect(whole?.url).toContain('/services/custom-domain/apply?');
    expect(whole?.prepareUrl).toBeNull();
  });

  it.each<[string, DomainFacts['acmeChallenge']]>([
    ['nobody has looked', ACME_CHALLENGE_UNASKED],
    ['the look-up of CNAME records fails', { ...NO_CHALLENGE, cname: SERVFAIL }],
    ['the look-up of TXT records fails', { ...NO_CHALLENGE, txt: SERVFAIL }],
  ])('leaves _acme-challenge as it is where %s', async (_, acmeChallenge) => {
    const offers = offersOf({ nameServers: ['ns1.onetime.example'] });
    const [domain, seen] = [provided({}, true), facts({ acmeChallenge }, true)];
    const links = await linksOf(offers, domain, seen);
    expect(links?.url).toContain('&groupId=prove%2Croute&');
    expect(links?.prepareUrl).toBeNull();
    expect(writtenBy(offers, domain, seen)).toEqual(['TXT', 'CNAME']);
  });

  it('names every record that it makes, also where the name leads here without', () => {
    const seen = facts({ a: found(OUR_ADDRESS) });
    expect(writtenBy(offersOf(), provided(), seen)).toEqual(['TXT', 'CNAME']);
    const atApex = { isApex: true, hostname: requireHostname('example.com') } as const;
    expect(writtenBy(offersOf(), provided(atApex), facts(atApex))).toEqual(['TXT', 'A', 'AAAA']);
    const delegating = offersOf({ nameServers: ['ns1.onetime.example'] });
    const delegated = facts({ acmeChallenge: NO_CHALLENGE }, true);
    expect(writtenBy(delegating, provided({}, true), delegated)).toEqual(['TXT', 'CNAME', 'CNAME']);
  });

  it.each<[string, Partial<Domain>, Partial<DomainFacts>]>([
    ['in conflict', { ownership: 'conflict' }, {}],
    ['after the end of the claim', { ownership: 'revoked' }, {}],
    ['in quarantine', { needsCnameProof: true }, {}],
    ['of a blocked name', { blockedAt: new Date(), blockReason: 'phishing' }, {}],
    ['of a dry run', { extid: '' }, {}],
    ['with nothing to write', {}, healthyFacts()],
    ['of a name in a zone of its own', {}, { nameServersOf: 'secrets.example.com' }],
    ['of a provider that was never found', { setup: null }, {}],
    ['before the first look', {}, UNSEEN],
    ['while the mail servers cannot be looked up', {}, { mx: SERVFAIL }],
    ['while the texts at the name cannot be looked up', {}, { txtAtName: SERVFAIL }],
    ['while the addresses cannot be looked up', {}, { aaaa: SERVFAIL }],
    ['while the challenge cannot be looked up', {}, { txt: SERVFAIL }],
  ])('has no link %s', async (_, changes, seen) => {
    const offers = offersOf();
    const [domain, observed] = [provided(changes), facts(seen)];
    expect(offers.pictureOf(domain, observed)?.isOffered).toBe(false);
    expect(await linksOf(offers, domain, observed)).toBeNull();
  });

  it('of another template than the one that is needed now is unknown', () => {
    const offers = offersOf({ nameServers: ['ns1.onetime.example'] });
    expect(offers.pictureOf(provided(), facts())).toMatchObject({
      state: 'unknown',
      isOffered: false,
    });
  });

  it.each(['unpublished', 'unknown'])('has no link while our key is %s', async (keyState) => {
    const offers = offersOf({ keyState });
    const picture = offers.pictureOf(provided(), facts());
    expect(picture?.facts).toMatchObject({ isKeyMissing: keyState === 'unpublished' });
    expect(await offers.linksOf(provided(), picture)).toBeNull();
  });

  it.each([
    [9 * MINUTE, { outcome: 'cancelled', isOutcomeOld: false }],
    [11 * MINUTE, { outcome: 'cancelled', isOutcomeOld: true }],
    [7 * DAY + MINUTE, { outcome: null }],
  ])('tells how the customer came back %d ms ago, for a week', (age, told) => {
    const setupReturnedAt = new Date(Date.now() - age);
    const domain = provided({ setupOutcome: 'cancelled', setupReturnedAt });
    expect(offersOf().pictureOf(domain, facts())?.facts).toMatchObject(told);
  });

  it('says what will be replaced', () => {
    const replacedIn = (seen: Partial<DomainFacts>, changes: Partial<Domain> = {}) =>
      offersOf().pictureOf(provided(changes), facts(seen))?.replaces;
    expect(replacedIn({})).toEqual([]);
    expect(
      replacedIn({
        a: found(FOREIGN_ADDRESS),
        probe: probed({ status: 'html' }),
        mx: found('10 mail.example.com'),
        ownTypes: ['MX'],
        txt: found('something else'),
      }),
    ).toEqual([
      { name: 'secrets', type: 'A', values: [FOREIGN_ADDRESS] },
      { name: 'secrets', type: 'MX', values: ['10 mail.example.com'] },
      { name: '_onetime-challenge-a1b2c3d.secrets', type: 'TXT', values: ['something else'] },
    ]);
    // What stands behind an alias, or is a wildcard's, stays.
    const alias = { cname: found('elsewhere.example.net'), a: found(FOREIGN_ADDRESS) };
    expect(replacedIn(alias)).toEqual([
      { name: 'secrets', type: 'CNAME', values: ['elsewhere.example.net'] },
    ]);
    expect(replacedIn({ ...alias, wildcard: true })).toEqual([]);
    // Mail at the top of a zone stays: no CNAME record is made there.
    const apex = { isApex: true, hostname: requireHostname('example.com') } as const;
    expect(
      replacedIn(
        { ...apex, a: found(FOREIGN_ADDRESS), mx: found('10 mx'), ownTypes: ['MX'] },
        apex,
      ),
    ).toEqual([{ name: '@', type: 'A', values: [FOREIGN_ADDRESS] }]);
  });
});
