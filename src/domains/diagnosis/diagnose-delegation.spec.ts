import * as fc from 'fast-check';
import {
  DELEGATION_TARGET,
  FOREIGN_ADDRESS,
  found,
  healthyFacts,
  NODATA,
  NXDOMAIN,
  probed,
  TIMEOUT,
} from '../../../test/fakes/domain-facts.js';
import type { DelegationState } from '../delegation.js';
import type { AcmeChallengeFacts, DomainFacts } from '../domain-facts.js';
import { viewDelegation } from './delegation-view.js';
import { diagnose } from './diagnose.js';
import type { Diagnosis, Issue } from './diagnosis.js';
import type { IssueCode } from './issue-code.js';

const NAME = '_acme-challenge.secrets.example.com';
const NOTHING: AcmeChallengeFacts = { cname: NODATA, txt: NODATA, wildcard: false, foundAt: null };
const DELEGATED: AcmeChallengeFacts = { ...NOTHING, cname: found(DELEGATION_TARGET) };
const AWAY = {
  a: found(FOREIGN_ADDRESS),
  aaaa: NODATA,
  cname: NODATA,
  probe: probed({ status: 'html' }),
};

interface Scene {
  readonly seen: AcmeChallengeFacts;
  readonly isPointed?: boolean;
  readonly stored?: DelegationState;
  readonly windowEndsAt?: string;
  readonly isOffered?: boolean;
  readonly facts?: Partial<DomainFacts>;
}

function factsOf({ seen, isPointed = false, isOffered = true, ...scene }: Scene): DomainFacts {
  const healthy = healthyFacts(isPointed ? {} : AWAY);
  const { stored: state = 'none', windowEndsAt = '2026-12-20T00:00:00.000Z' } = scene;
  return {
    ...healthy,
    expected: {
      ...healthy.expected,
      delegation: { name: NAME, target: DELEGATION_TARGET, isOffered },
    },
    acmeChallenge: seen,
    delegation: { state, isPointed, windowEndsAt },
    ...scene.facts,
  };
}

const diagnosed = (scene: Scene): Diagnosis => diagnose(factsOf(scene));
const OF_DELEGATION = /^DELEGATION_|^NAMESERVER_|^READY_|^PREPARED_/;
const issuesOf = (scene: Scene): Issue[] =>
  diagnosed(scene).issues.filter(
    ({ code }) => OF_DELEGATION.test(code) && code !== 'DELEGATED_ZONE',
  );
const codesOf = (scene: Scene): IssueCode[] => issuesOf(scene).map(({ code }) => code);

describe(viewDelegation, () => {
  const stateOf = (seen: Partial<AcmeChallengeFacts>): DelegationState =>
    viewDelegation(factsOf({ seen: { ...NOTHING, ...seen } })).state;

  it.each<[string, Partial<AcmeChallengeFacts>, DelegationState]>([
    ['nothing', {}, 'none'],
    ['a name that does not exist', { cname: NXDOMAIN, txt: NXDOMAIN }, 'none'],
    ['our target', { cname: found(DELEGATION_TARGET) }, 'ready'],
    ['our target in upper case', { cname: found(`${DELEGATION_TARGET.toUpperCase()}.`) }, 'ready'],
    [
      'our target by a name of the zone',
      { cname: found('acme.example.com', DELEGATION_TARGET) },
      'ready',
    ],
    [
      'our target by a name of another zone',
      { cname: found('acme.example.net', DELEGATION_TARGET) },
      'elsewhere',
    ],
    [
      "another claim's label",
      { cname: found('aaaaaaaaaaaaaaaa.acme.eu.onetime.example') },
      'elsewhere',
    ],
    ['a CDN', { cname: found('secrets.dcv.cdn.example') }, 'elsewhere'],
    ['a TXT record', { txt: found('token') }, 'blocked'],
    ['a wildcard record', { cname: found('www.example.com'), wildcard: true }, 'none'],
    ['a wildcard TXT record', { txt: found('v=spf1'), wildcard: true }, 'none'],
    [
      'a wildcard record to our target',
      { cname: found(DELEGATION_TARGET), wildcard: true },
      'ready',
    ],
    ['silence', { cname: TIMEOUT, txt: TIMEOUT }, 'unknown'],
    ['a chain whose end fails', { cname: found(DELEGATION_TARGET), txt: TIMEOUT }, 'ready'],
  ])('of %s', (_, seen, state) => {
    expect(stateOf(seen)).toBe(state);
  });
});

describe('the delegation in a diagnosis', () => {
  it('is not mentioned at all unless it is offered', () => {
    const { records, issues } = diagnosed({ seen: NOTHING, isOffered: false });
    expect(records.map(({ purpose }) => purpose)).not.toContain('certificate');
    expect(issues.filter(({ code }) => OF_DELEGATION.test(code))).toEqual([]);
    expect(JSON.stringify(issues)).not.toContain('_acme-challenge');
  });

  it('is the last record, optional, and made before the switch', () => {
    const { records } = diagnosed({ seen: NOTHING });
    expect(records.map(({ purpose, phase }) => [purpose, phase])).toEqual([
      ['ownership', 'before_switch'],
      ['routing', 'switch'],
      ['routing', 'switch'],
      ['certificate', 'before_switch'],
    ]);
    expect(records.at(-1)).toMatchObject({
      type: 'CNAME',
      fqdn: NAME,
      name: '_acme-challenge.secrets',
      desired: [DELEGATION_TARGET],
      required: false,
      action: 'add',
      status: 'missing',
    });
  });

  it.each<[string, AcmeChallengeFacts, IssueCode, object]>([
    ['missing', NOTHING, 'DELEGATION_MISSING', { action: 'add', status: 'missing' }],
    [
      'of another claim',
      { ...NOTHING, cname: found('aaaaaaaaaaaaaaaa.acme.eu.onetime.example') },
      'DELEGATION_ELSEWHERE',
      { action: 'change', status: 'wrong' },
    ],
    [
      'with the zone behind its value',
      { ...NOTHING, cname: found(`${DELEGATION_TARGET}.example.com`) },
      'DELEGATION_ELSEWHERE',
      { action: 'change' },
    ],
    [
      "a CDN's",
      { ...NOTHING, cname: found('secrets.dcv.cdn.example') },
      'DELEGATION_TAKEN',
      { action: 'keep', status: 'conflict', observed: ['secrets.dcv.cdn.example'] },
    ],
    [
      'behind a TXT record',
      { ...NOTHING, txt: found('token') },
      'DELEGATION_TAKEN',
      { action: 'keep', status: 'conflict', observed: ['token'] },
    ],
    [
      "a wildcard's",
      { ...NOTHING, cname: found('www.example.com'), wildcard: true },
      'DELEGATION_WILDCARD',
      { action: 'add' },
    ],
    [
      'doubled',
      { ...NOTHING, foundAt: `${NAME}.example.com` },
      'DELEGATION_DOUBLE_LABEL',
      { action: 'add' },
    ],
    [
      'unanswered',
      { ...NOTHING, cname: TIMEOUT, txt: TIMEOUT },
      'DELEGATION_UNANSWERABLE',
      { status: 'unreachable' },
    ],
  ])('that is %s', (_, seen, code, record) => {
    const { issues, records } = diagnosed({ seen });
    const [issue] = issues.filter((each) => OF_DELEGATION.test(each.code));
    expect(issue).toMatchObject({ code, axis: 'certificate' });
    expect(records[issue?.fix.recordRef ?? -1]).toMatchObject({
      purpose: 'certificate',
      ...record,
    });
  });

  it('is never advised in place of what another service needs', () => {
    for (const seen of [
      { ...NOTHING, cname: found('secrets.dcv.cdn.example') },
      { ...NOTHING, txt: found('token') },
    ]) {
      const [issue] = issuesOf({ seen });
      expect(issue?.severity).toBe('info');
      expect(issue?.fix.summary).not.toMatch(/add|change|remove/i);
    }
  });

  it('is no news for a name that works without it', () => {
    expect(codesOf({ seen: NOTHING, isPointed: true })).toEqual([]);
    const cdn = { ...NOTHING, cname: found('secrets.dcv.cdn.example') };
    expect(codesOf({ seen: cdn, isPointed: true })).toEqual([]);
  });

  it('is a warning when it stops to be answered', () => {
    const seen = { ...NOTHING, cname: TIMEOUT, txt: TIMEOUT };
    expect(issuesOf({ seen, stored: 'ready', isPointed: true })).toMatchObject([
      { code: 'DELEGATION_UNANSWERABLE', severity: 'warning' },
    ]);
  });

  it('is the operator’s trouble when nobody reaches our name server', () => {
    const scene = { seen: NOTHING, isOffered: false, isPointed: true };
    expect(issuesOf({ ...scene, stored: 'ready' })).toMatchObject([
      { code: 'NAMESERVER_UNREACHABLE', owner: 'operator' },
    ]);
    expect(issuesOf({ ...scene, stored: 'none' })).toEqual([]);
  });

  it('is not mentioned to somebody whose name another account has proven', () => {
    expect(codesOf({ seen: NOTHING, facts: { conflict: true } })).toEqual([]);
  });

  describe('as the way out', () => {
    const proxied = {
      a: found('104.16.0.1'),
      aaaa: NODATA,
      cname: NODATA,
      probe: probed({ status: 'ours' as const, address: '104.16.0.1' }),
    };
    const wayOut = /_acme-challenge\.secrets with the value/;

    it('of a name behind a proxy: a warning, and in the words of the proxy’s issue', () => {
      const scene = { seen: NOTHING, isPointed: true, facts: proxied };
      const { issues } = diagnosed(scene);
      expect(issues.find(({ code }) => code === 'PROXY_CLOUDFLARE')?.fix.summary).toMatch(wayOut);
      expect(issuesOf(scene)).toMatchObject([{ code: 'DELEGATION_MISSING', severity: 'warning' }]);
    });

    it('of a closed port 80', () => {
      const facts = { probe: probed({ status: 'timeout' }) };
      const { issues } = diagnosed({ seen: NOTHING, isPointed: true, facts });
      expect(issues.find(({ code }) => code === 'PORT80_TIMEOUT')?.fix.summary).toMatch(wayOut);
    });

    it('of a fence', () => {
      const healthy = healthyFacts();
      const problem = {
        type: 'urn:ietf:params:acme:error:unauthorized',
        status: 403,
        detail: 'During secondary validation: 203.0.113.9: Fetching: Timeout during connect',
        subproblems: [],
      };
      const certificate = healthy.certificate && { ...healthy.certificate, problem };
      const { issues } = diagnosed({ seen: NOTHING, isPointed: true, facts: { certificate } });
      expect(issues.find(({ code }) => code === 'GEO_BLOCKED')?.fix.summary).toMatch(wayOut);
    });

    it('of a CAA record, if that allows dns-01', () => {
      const caa = (methods: string) => ({
        cas: [{ domain: 'ca.example', accountUri: null, methods: ['http-01', 'tls-alpn-01'] }],
        caa: {
          status: 'ok' as const,
          foundAt: 'example.com',
          records: [
            {
              critical: false,
              tag: 'issue',
              value: `ca.example; validationmethods=${methods}`,
            },
          ],
        },
      });
      const fixOf = (methods: string) =>
        diagnosed({ seen: NOTHING, isPointed: true, facts: caa(methods) }).issues.find(
          ({ code }) => code === 'CAA_METHOD',
        )?.fix.summary;
      expect(fixOf('dns-01')).toMatch(wayOut);
      expect(fixOf('email-reply-00')).not.toMatch(wayOut);
    });

    it('is not offered while the region does not offer it', () => {
      const scene = { seen: NOTHING, isPointed: true, isOffered: false, facts: proxied };
      expect(JSON.stringify(diagnosed(scene))).not.toContain(
        'with the value k3v9q2m8x7c1b5n0.acme',
      );
    });
  });

  describe('before the switch', () => {
    it('shows no warning, and says that the name may be switched', () => {
      const { issues, records } = diagnosed({ seen: DELEGATED });
      expect(issues.filter(({ severity }) => severity !== 'info')).toEqual([]);
      const ready = issues.find(({ code }) => code === 'READY_TO_SWITCH');
      expect(records[ready?.fix.recordRef ?? -1]).toMatchObject({ purpose: 'routing' });
      expect(issues.map(({ code }) => code)).not.toContain('PREPARED_NOT_USED');
    });

    it('does not say so before the certificate is here, nor after the switch', () => {
      expect(codesOf({ seen: DELEGATED, facts: { certificate: null } })).toEqual([]);
      expect(codesOf({ seen: DELEGATED, isPointed: true })).toEqual([]);
    });

    it('does not say so of an unproven name', () => {
      const ownership = { state: 'pending', provenAt: null, missingSince: null };
      const { issues } = diagnosed({ seen: DELEGATED, facts: { ownership } });
      expect(issues.map(({ code }) => code)).not.toContain('READY_TO_SWITCH');
      expect(issues.some(({ severity }) => severity === 'blocking')).toBe(true);
    });

    it('warns of a switch that leads only half of the visitors here', () => {
      const facts = { a: found('192.0.2.10', FOREIGN_ADDRESS), cname: NODATA, aaaa: NODATA };
      const { issues } = diagnosed({ seen: DELEGATED, facts });
      expect(issues.find(({ code }) => code === 'A_MIXED')?.severity).toBe('blocking');
    });

    it('tells a week ahead that certificates end, and again when they have', () => {
      // The facts are of 2026-11-23.
      const near = { seen: DELEGATED, windowEndsAt: '2026-11-26T00:00:00.000Z' };
      expect(codesOf(near).toSorted()).toEqual(['PREPARED_NOT_USED', 'READY_TO_SWITCH']);
      const over = { seen: DELEGATED, windowEndsAt: '2026-11-20T00:00:00.000Z' };
      expect(codesOf(over)).toEqual(['PREPARED_NOT_USED']);
      expect(diagnosed(over).issues.some(({ severity }) => severity === 'blocking')).toBe(true);
    });
  });

  it('never throws and refers to existing records only, whatever stands there', () => {
    const value = fc.oneof(fc.domain(), fc.string(), fc.constant(DELEGATION_TARGET));
    const answer = fc.oneof(
      fc.array(value, { minLength: 1, maxLength: 4 }).map((values) => found(...values)),
      fc.constantFrom(NODATA, NXDOMAIN, TIMEOUT),
    );
    const scene: fc.Arbitrary<Scene> = fc.record({
      seen: fc.record({
        cname: answer,
        txt: answer,
        wildcard: fc.boolean(),
        foundAt: fc.option(value),
      }),
      isPointed: fc.boolean(),
      isOffered: fc.boolean(),
      stored: fc.constantFrom('unknown', 'none', 'ready', 'elsewhere', 'blocked'),
      windowEndsAt: fc.constantFrom('2026-11-20T00:00:00.000Z', '2026-12-20T00:00:00.000Z', 'x'),
    });
    fc.assert(
      fc.property(scene, (each) => {
        const { issues, records } = diagnosed(each);
        for (const { fix } of issues) {
          if (fix.recordRef !== null) expect(records[fix.recordRef]).toBeDefined();
        }
        const advised = records.filter(({ purpose }) => purpose === 'certificate');
        expect(advised).toHaveLength(each.isOffered === true ? 1 : 0);
        expect(advised.every(({ required }) => !required)).toBe(true);
      }),
    );
  });
});
