import {
  CERTIFICATE_FACTS,
  CHALLENGE,
  CHALLENGE_NAME,
  DELEGATION_TARGET,
  FOREIGN_ADDRESS,
  found,
  healthyFacts,
  NODATA,
  probed,
  TARGET,
} from '../../test/fakes/domain-facts.js';
import { A_CERTIFICATE, aPendingView, aView } from '../../test/fakes/sample-view.js';
import { NO_CERTIFICATE } from '../certificates/certificate-view.js';
import type { DomainView } from './domain-view.js';
import { setupViewOf, type SetupView } from './setup-view.js';

const viewOf = (view: DomainView): SetupView => setupViewOf(view, []);
const stepsOf = (view: DomainView) =>
  Object.fromEntries(viewOf(view).steps.map(({ name, state }) => [name, state]));

describe(setupViewOf.name, () => {
  it('has everything done and nothing to change for a name that serves', () => {
    const view = viewOf(aView());
    expect(view).toMatchObject({ state: 'serving', toChange: [], findings: [], endsAt: null });
    expect(new Set(view.steps.map(({ state }) => state))).toEqual(new Set(['done']));
    expect(view.otherRecords.map(({ type, status }) => [type, status])).toEqual([
      ['TXT', 'ok'],
      ['CNAME', 'ok'],
    ]);
  });

  it('lists the records of a new claim with relative and absolute names, and what is wanted', () => {
    const view = viewOf(aPendingView());
    expect(view.state).toBe('records');
    expect(view.toChange).toMatchObject([
      {
        type: 'TXT',
        name: '_onetime-challenge-a1b2c3d.secrets',
        fqdn: CHALLENGE_NAME,
        action: 'add',
        desired: [CHALLENGE],
        observed: [],
      },
      { type: 'CNAME', name: 'secrets', fqdn: 'secrets.example.com', desired: [TARGET] },
    ]);
    expect(stepsOf(aPendingView())).toEqual({
      claim: 'done',
      proof: 'now',
      routing: 'now',
      certificate: 'todo',
      serving: 'todo',
    });
    expect(view.endsAt).not.toBeNull();
  });

  it('shows what was found beside what is wanted', () => {
    const view = viewOf(aPendingView({ txt: found('another value') }));
    expect(view.toChange[0]).toMatchObject({ observed: ['another value'], action: 'change' });
    expect(view.findings.find(({ code }) => code === 'TXT_MISMATCH')).toMatchObject({
      fix: 'change',
      recordRef: 0,
      args: { type: 'TXT', value: CHALLENGE, found: 'another value' },
    });
  });

  it('puts what is in the way before what is to be made there', () => {
    const view = viewOf(
      aPendingView({ a: found(FOREIGN_ADDRESS), probe: probed({ status: 'html' }) }),
    );
    expect(view.toChange.map(({ type, action }) => [type, action])).toEqual([
      ['A', 'remove'],
      ['TXT', 'add'],
      ['CNAME', 'add'],
    ]);
    expect(stepsOf(aView({ routing: 'elsewhere', pointedAt: null }))).toMatchObject({
      routing: 'problem',
    });
  });

  it('has one instruction for a record that stands in the way and belongs elsewhere', () => {
    const view = aPendingView({
      a: found(FOREIGN_ADDRESS),
      txtAtName: found(CHALLENGE),
      ownTypes: ['TXT'],
      probe: probed({ status: 'html' }),
    });
    expect(
      viewOf(view).toChange.map(({ type, action, foundAt }) => [type, action, foundAt]),
    ).toEqual([
      ['A', 'remove', null],
      ['TXT', 'add', 'secrets.example.com'],
      ['CNAME', 'add', null],
    ]);
    const fixes = view.diagnosis.issues.map(({ fix }) => fix.summary);
    expect(fixes.filter((text) => text.includes('TXT'))).toEqual([
      'Change the name of the TXT record from secrets to _onetime-challenge-a1b2c3d.secrets.',
    ]);
    const others = aPendingView({ txtAtName: found(CHALLENGE, 'other'), ownTypes: ['TXT', 'MX'] });
    expect(viewOf(others).toChange.map((line) => [line.type, line.action, line.observed])).toEqual([
      ['TXT', 'remove', ['other']],
      ['MX', 'remove', []],
      ['TXT', 'add', []],
      ['CNAME', 'add', []],
    ]);
  });

  it('names where a record was made by mistake, and why', () => {
    const view = viewOf(aPendingView({ txtDoubled: found(CHALLENGE) }));
    const [txt] = view.toChange;
    expect(txt).toMatchObject({
      foundAt: `${CHALLENGE_NAME}.example.com`,
      hint: { code: 'panel_adds_zone', zone: 'example.com' },
    });
    expect(view.findings.find(({ code }) => code === 'TXT_DOUBLE_LABEL')).toMatchObject({
      why: 'doubled',
      fix: 'rename',
      args: { name: '_onetime-challenge-a1b2c3d.secrets' },
    });
  });

  it('says at whose DNS panel a missing record is made', () => {
    const nameServers = ['amy.ns.cloudflare.com', 'bob.ns.cloudflare.com'];
    const view = viewOf(aPendingView({ nameServers, nameServersOf: 'example.com' }));
    expect(view.toChange.map(({ hint }) => hint)).toEqual([
      { code: 'place', provider: 'Cloudflare' },
      { code: 'place', provider: 'Cloudflare' },
    ]);
    expect(view.findings.find(({ code }) => code === 'TXT_MISSING')).toMatchObject({
      why: 'place',
      args: { provider: 'Cloudflare', zone: 'example.com' },
    });
  });

  it('names what a DNS provider makes and removes relative to the zone that it has', () => {
    const hostname = 'secrets.team.example.com';
    const challengeName = `_onetime-challenge-a1b2c3d.${hostname}`;
    const expected = { ...healthyFacts().expected, challengeName };
    const view = aPendingView({ hostname, expected, a: found(FOREIGN_ADDRESS) });
    const connect = {
      state: 'available',
      provider: { id: 'dns.example', name: 'DNS Example' },
      zone: 'team.example.com',
      host: 'secrets',
      pair: null,
      controlPanel: null,
      window: null,
      writes: [0, 1],
      isCertifying: false,
      isPreparable: false,
      replaces: [{ name: 'secrets', type: 'A', values: [FOREIGN_ADDRESS] }],
      checkedAt: null,
      isOffered: true,
      facts: null,
    } as const;
    const links = { url: 'https://panel.dns.example/connect?x', prepareUrl: null };
    const line = viewOf({ ...view, connect, links }).connect;
    expect(line?.host).toBe('panel.dns.example');
    expect(line?.writes.map(({ name }) => name)).toEqual([
      '_onetime-challenge-a1b2c3d.secrets',
      'secrets',
    ]);
    expect(line?.replaces.map(({ name }) => name)).toEqual(['secrets']);
  });

  it.each<[string, DomainView, SetupView['state']]>([
    ['is blocked', aView({ blockedAt: new Date(), blockReason: 'phishing' }), 'blocked'],
    ['has ended', aView({ ownership: 'revoked' }), 'ended'],
    [
      'is held by another account',
      aView({ ownership: 'conflict', verifiedAt: null }, { conflict: true }, NO_CERTIFICATE),
      'conflict',
    ],
    ['waits for its certificate', aView({}, { certificate: null }, NO_CERTIFICATE), 'certificate'],
    [
      'was not looked up yet',
      aPendingView({ txt: { status: 'unasked' }, cname: { status: 'unasked' } }),
      'unchecked',
    ],
    ['serves without its proof', aView({}, { txt: NODATA, cname: NODATA }), 'attention'],
  ])('of a name that %s', (_, view, state) => {
    expect(viewOf(view).state).toBe(state);
  });

  it('of a claim that has ended asks for no change of records', () => {
    expect(viewOf(aView({ ownership: 'revoked' }, { txt: NODATA })).toChange).toEqual([]);
  });

  it.each(Object.entries(CERTIFICATE_FACTS))(
    'has a text that tells what to do about %s',
    (code, observed) => {
      const [finding] = viewOf(aView({}, observed)).findings;
      expect(finding).toMatchObject({ code, fix: expect.any(String) as string });
      // No record has to be made for a certificate.
      expect(['add', 'change', 'remove']).not.toContain(finding?.fix);
    },
  );

  describe('of a name with a delegation', () => {
    const healthy = healthyFacts();
    const name = '_acme-challenge.secrets.example.com';
    const away = {
      a: found(FOREIGN_ADDRESS),
      aaaa: NODATA,
      cname: NODATA,
      probe: probed({ status: 'html' }),
      expected: {
        ...healthy.expected,
        delegation: { name, target: DELEGATION_TARGET, isOffered: true },
      },
      delegation: { ...healthy.delegation, isPointed: false },
    };
    const acmeChallenge = {
      cname: found(DELEGATION_TARGET),
      txt: NODATA,
      wildcard: false,
      foundAt: null,
    };
    const led = { routing: 'elsewhere', pointedAt: null } as const;
    const delegated = { ...led, delegation: 'ready', delegatedAt: new Date() } as const;

    it('has a card for the record ahead of the others, until it is made or the name leads here', () => {
      const missing = { ...acmeChallenge, cname: NODATA };
      const before = viewOf(aPendingView({ ...away, acmeChallenge: missing }));
      expect(before.ahead).toMatchObject({ name: '_acme-challenge.secrets', type: 'CNAME' });
      expect(before.findings).toContainEqual(
        expect.objectContaining({ code: 'DELEGATION_MISSING', fix: 'add', why: 'ahead' }),
      );
      expect(before.otherRecords).not.toContain(before.ahead);
      expect(viewOf(aView(delegated, { ...away, acmeChallenge })).ahead).toBeNull();
      const pointed = { expected: away.expected, acmeChallenge: missing };
      expect(viewOf(aView({}, pointed)).ahead).toBeNull();
    });

    it('is prepared when it would be served, with the records to switch', () => {
      const view = viewOf(aView(delegated, { ...away, acmeChallenge }));
      expect(view.state).toBe('prepared');
      expect(view.toChange.map(({ type, action }) => [type, action])).toEqual([
        ['A', 'remove'],
        ['CNAME', 'add'],
      ]);
      expect(view.steps.map(({ name: step, state }) => [step, state])).toEqual([
        ['claim', 'done'],
        ['proof', 'done'],
        ['routing', 'now'],
        ['certificate', 'done'],
        ['serving', 'done'],
      ]);
    });

    it('is prepared whatever the DNS provider could do, did or replaces', () => {
      const replaces = [{ name: 'secrets', type: 'A', values: [FOREIGN_ADDRESS] }];
      const offered = { provider: 'DNS Example', isOffered: true, isKeyMissing: false, replaces };
      const setup = { ...offered, outcome: 'returned', isOutcomeOld: true } as const;
      const view = viewOf(aView(delegated, { ...away, acmeChallenge, setup }));
      expect(view.state).toBe('prepared');
      const codes = view.findings.map(({ code }) => code);
      expect(codes).toContain('SETUP_REPLACES_RECORDS');
      // "Only prepare" has made all that it makes.
      expect(codes).not.toContain('SETUP_NOT_APPLIED');
      const missing = { ...acmeChallenge, cname: NODATA };
      const before = viewOf(aPendingView({ ...away, acmeChallenge: missing, setup }));
      expect(before.findings.map(({ code }) => code)).toContain('SETUP_NOT_APPLIED');
    });

    it('waits for its certificate while it leads elsewhere', () => {
      const facts = { ...away, acmeChallenge, certificate: null };
      const view = viewOf(aView(delegated, facts, NO_CERTIFICATE));
      expect(view.state).toBe('certificate');
      expect(view.steps.find(({ name: step }) => step === 'certificate')?.state).toBe('now');
    });
  });

  it('has another version when something it shows has changed, and not when time has passed', () => {
    const version = (view: DomainView) => viewOf(view).version;
    const now = version(aView());
    expect(version(aView({ checkedAt: new Date(), nextCheckAt: new Date() }))).toBe(now);
    const ttl = { status: 'ok', values: [CHALLENGE], ttlSeconds: 17 } as const;
    expect(version(aView({}, { txt: { ...ttl, values: [...ttl.values] } }))).toBe(now);
    expect(version(aView({}, { txt: found('other') }))).not.toBe(now);
    expect(version(aView({}, {}, { ...A_CERTIFICATE, state: 'renewing' }))).not.toBe(now);
    expect(version(aView({ generation: 99 }))).not.toBe(now);
  });

  it('has nothing of the account', () => {
    const view = aView();
    const shown = JSON.stringify(viewOf(view));
    expect(shown).not.toContain(view.domain.accountId);
    expect(shown).not.toContain(view.domain.extid);
  });
});
