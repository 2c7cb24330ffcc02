import {
  CERTIFICATE_FACTS,
  CHALLENGE,
  CHALLENGE_NAME,
  FOREIGN_ADDRESS,
  found,
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
