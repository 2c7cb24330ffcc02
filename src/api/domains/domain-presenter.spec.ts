import {
  CHALLENGE,
  DELEGATION_TARGET,
  healthyFacts,
  NODATA,
  TARGET,
} from '../../../test/fakes/domain-facts.js';
import { aDomain } from '../../../test/fakes/sample-domain.js';
import { NO_CERTIFICATE, type CertificateView } from '../../certificates/certificate-view.js';
import { diagnose } from '../../domains/diagnosis/diagnose.js';
import type { Domain } from '../../domains/domain.js';
import type { DomainFacts } from '../../domains/domain-facts.js';
import { requireHostname } from '../../shared/hostname.js';
import { domainSchema } from './domain-answers.js';
import { presentDomain } from './domain-presenter.js';
import type { DomainView } from '../../setup/domain-view.js';
import { servingOf } from '../../setup/serving.js';

const NOON = '2026-11-23T12:00:00.000Z';
const CERTIFICATE: CertificateView = {
  state: 'active',
  source: 'acme',
  ca: 'letsencrypt',
  profile: 'tlsserver',
  serial: 'ab12',
  notBefore: new Date(NOON),
  promotedAt: new Date(NOON),
  notAfter: new Date('2027-01-07T12:00:00.000Z'),
  renewAfter: new Date('2026-12-23T12:34:56.000Z'),
  ari: {
    start: new Date('2026-12-20T00:00:00.000Z'),
    end: new Date('2026-12-26T00:00:00.000Z'),
    explanation: null,
  },
  attempts: { count: 0, nextAt: null, heldBy: 'none' },
  problem: null,
  isServable: true,
  isKeyReadable: true,
};

function present(
  changes: Partial<Domain> = {},
  observed: Partial<DomainFacts> = {},
  certificate = CERTIFICATE,
  otherName: DomainView['otherName'] = null,
) {
  const domain = aDomain(changes);
  const facts = healthyFacts(observed);
  const serving = servingOf({ domain, certificate, plan: 'identity_plus', now: new Date(NOON) });
  const diagnosis = diagnose(facts);
  const none = { connect: null, links: null, transfer: null, move: null, otherName };
  const view: DomainView = { domain, facts, diagnosis, certificate, serving, ...none };
  const presented = presentDomain(view);
  expect(domainSchema.parse(presented)).toEqual(presented);
  return presented;
}

describe(presentDomain.name, () => {
  it('has upstream’s fields and ours', () => {
    expect(
      JSON.parse(
        JSON.stringify(present({ look: { brand: { product_name: 'Acme' }, images: {} } })),
      ),
    ).toEqual({
      identifier: 'cd0123456789abcdefgh',
      domainid: 'cd0123456789abcdefgh',
      extid: 'cd0123456789abcdefgh',
      display_domain: 'secrets.example.com',
      base_domain: 'example.com',
      subdomain: 'secrets.example.com',
      trd: 'secrets',
      tld: 'com',
      sld: 'example',
      is_apex: false,
      txt_validation_host: '_onetime-challenge-a1b2c3d.secrets',
      txt_validation_value: CHALLENGE,
      status: 'verified',
      vhost: {},
      vhost_fetch_failed_at: null,
      verified: true,
      resolving: true,
      created: 1795431600,
      updated: 1795435200,
      homepage_config: { enabled: false },
      api_config: { enabled: true },
      brand: { product_name: 'Acme' },
      id: 'cd0123456789abcdefgh',
      hostname: 'secrets.example.com',
      unicode: 'secrets.example.com',
      zone: 'example.com',
      relative_name: 'secrets',
      transfer: null,
      move: null,
      role: 'serve',
      redirects_to: null,
      pair: null,
      generation: 3,
      serving: { ready: true, since: NOON, blocked_by: [] },
      ownership: {
        state: 'verified',
        method: 'txt',
        verified_at: NOON,
        expires_at: null,
        missing_since: null,
        lapsed_at: null,
        next_check_at: '2026-11-23T18:00:00.000Z',
      },
      routing: {
        state: 'pointed',
        since: NOON,
        pointed_at: NOON,
        target: TARGET,
        addresses: ['192.0.2.10', '2001:db8:10::10'],
        checked_at: NOON,
      },
      delegation: {
        state: 'unknown',
        since: NOON,
        delegated_at: null,
        offered: false,
        name: '_acme-challenge.secrets.example.com',
        target: DELEGATION_TARGET,
      },
      certificate: {
        state: 'active',
        source: 'acme',
        ca: 'letsencrypt',
        profile: 'tlsserver',
        serial: 'ab12',
        not_before: NOON,
        not_after: '2027-01-07T12:00:00.000Z',
        renew_after: '2026-12-23T12:34:56.000Z',
        ari: {
          start: '2026-12-20T00:00:00.000Z',
          end: '2026-12-26T00:00:00.000Z',
          explanation: null,
        },
        attempts: { count: 0, next_at: null, held_by: 'none' },
        problem: null,
      },
      records: [
        expect.objectContaining({ purpose: 'ownership', type: 'TXT', action: 'keep' }),
        expect.objectContaining({ purpose: 'routing', type: 'CNAME', action: 'keep' }),
      ],
      issues: [],
      setup: { domain_connect: null, panel: null },
      next: [
        { action: 'events', method: 'GET', href: '/api/domains/cd0123456789abcdefgh/events' },
        { action: 'verify', method: 'POST', href: '/api/domains/cd0123456789abcdefgh/verify' },
      ],
    });
  });

  it('shows each record as a DNS panel does, and each issue with the record that corrects it', () => {
    const unproven = {
      ownership: 'pending',
      verifiedAt: null,
      proofMethod: null,
      routing: 'not_pointed',
      pointedAt: null,
    } as const;
    const presented = present(
      unproven,
      {
        txt: NODATA,
        cname: NODATA,
        a: NODATA,
        aaaa: NODATA,
        ownership: { state: 'pending', provenAt: null, missingSince: null },
        certificate: null,
      },
      NO_CERTIFICATE,
    );
    expect(presented).toMatchObject({
      verified: false,
      resolving: false,
      status: 'pending',
      ownership: { state: 'pending', expires_at: '2026-12-23T11:00:00.000Z' },
      certificate: { state: 'none', ari: null },
      serving: { ready: false, since: null, blocked_by: ['ownership', 'certificate'] },
    });
    expect((presented['records'] as unknown[])[0]).toEqual({
      purpose: 'ownership',
      phase: 'before_switch',
      required: true,
      action: 'add',
      fqdn: '_onetime-challenge-a1b2c3d.secrets.example.com',
      name: '_onetime-challenge-a1b2c3d.secrets',
      type: 'TXT',
      desired: [CHALLENGE],
      observed: [],
      ttl_observed: null,
      status: 'missing',
      provider_hint: null,
    });
    expect(presented['issues']).toContainEqual({
      code: 'TXT_MISSING',
      severity: 'blocking',
      axis: 'ownership',
      title: expect.any(String),
      detail: expect.any(String),
      evidence: expect.any(Object),
      fix: { summary: expect.stringContaining('TXT'), record_ref: 0 },
      owner: 'customer',
      last_checked: NOON,
    });
    expect((presented['next'] as { action: string }[])[0]?.action).toBe('verify');
  });

  it('splits a name at its zone, also under a suffix of two labels', () => {
    const name = requireHostname('xn--mnchen-3ya.example.co.uk');
    const changes = { hostname: name, displayName: 'münchen.example.co.uk' };
    const observed = { hostname: name, zone: 'example.co.uk', relativeName: 'xn--mnchen-3ya' };
    const presented = present({ ...changes, registrableDomain: 'example.co.uk' }, observed);
    expect(presented).toMatchObject({
      base_domain: 'example.co.uk',
      trd: 'xn--mnchen-3ya',
      sld: 'example',
      tld: 'co.uk',
      unicode: 'münchen.example.co.uk',
    });
  });

  it('has no CNAME target for the apex of a zone', () => {
    const hostname = requireHostname('example.com');
    const presented = present(
      { hostname, isApex: true },
      { hostname, isApex: true, relativeName: '@' },
    );
    expect(presented).toMatchObject({ is_apex: true, trd: '', routing: { target: null } });
  });

  it.each([
    [{ ownership: 'revoked' }, 'unverified', 'claim_again'],
    [{ ownership: 'pending' }, 'resolving', 'verify'],
    [{ ownership: 'lapsed' }, 'verified', 'events'],
    [{ ownership: 'pending', extid: '' }, 'resolving', 'claim'],
  ] as const)(
    'shows %j as %s to upstream’s clients, with the next step %s',
    (changes, status, action) => {
      const presented = present(changes);
      expect(presented['status']).toBe(status);
      expect((presented['next'] as { action: string }[])[0]?.action).toBe(action);
    },
  );

  it('shows why there is no certificate, and when the next attempt is', () => {
    const presented = present(
      {},
      {},
      {
        ...NO_CERTIFICATE,
        state: 'blocked',
        attempts: { count: 3, nextAt: new Date(NOON), heldBy: 'rate_limit' },
        problem: {
          type: 'urn:ietf:params:acme:error:rateLimited',
          status: 429,
          detail: 'too many',
          subproblems: [],
          ca: 'letsencrypt',
          unpauseUrl: null,
        },
      },
    );
    expect(presented['certificate']).toMatchObject({
      state: 'blocked',
      attempts: { count: 3, next_at: NOON, held_by: 'rate_limit' },
      problem: { status: 429, detail: 'too many', unpause_url: null },
    });
  });
});
