import type { z } from 'zod';
import {
  apiConfigAnswerSchema,
  domainAnswerSchema,
  domainsAnswerSchema,
  eventsAnswerSchema,
  homepageConfigAnswerSchema,
  removalAnswerSchema,
} from '../../../src/api/domains/domain-answers.js';
import {
  NO_CERTIFICATE,
  type CertificateView,
} from '../../../src/certificates/certificate-view.js';
import type { Hostname } from '../../../src/shared/hostname.js';
import { aName, settings } from '../domains/support.js';
import {
  pathOf,
  startWithTwoAccounts,
  type DomainApi,
  type Json,
  type Method,
} from './domain-api.js';

let api: DomainApi;
let ann: string;
let bob: string;

beforeAll(async () => {
  ({ api, ann, bob } = await startWithTwoAccounts());
});
afterAll(() => api.close());

const ACTIVE: CertificateView = {
  ...NO_CERTIFICATE,
  state: 'active',
  serial: 'ab12',
  notBefore: new Date(Date.now() - 3_600_000),
  notAfter: new Date(Date.now() + 86_400_000),
  promotedAt: new Date(),
  isServable: true,
  isKeyReadable: true,
};

describe('one domain', () => {
  it('is shown to its account from the claim to serving', async () => {
    const claimed = await api.claim(ann, aName());
    const shown = await api.send(ann, 'GET', pathOf(claimed));
    expect(shown.status).toBe(200);
    expect(shown.record()).toEqual(claimed);

    const verified = await api.verified(ann, aName());
    expect(verified).toMatchObject({
      verified: true,
      resolving: true,
      status: 'verified',
      ownership: { state: 'verified', method: 'txt', expires_at: null },
      routing: { state: 'pointed' },
      serving: { ready: false, since: null, blocked_by: ['certificate'] },
    });
    api.certificates.views.set(verified['hostname'] as Hostname, ACTIVE);
    const serving = (await api.send(ann, 'GET', pathOf(verified))).record();
    expect(serving).toMatchObject({
      serving: { ready: true, since: expect.any(String), blocked_by: [] },
      certificate: { state: 'active', serial: 'ab12', not_after: ACTIVE.notAfter?.toISOString() },
    });
  });

  it('says how to bind it to our account to who asks, and to nobody else', async () => {
    const own = await api.verified(ann, aName());
    const hostname = own['hostname'] as Hostname;
    api.certificates.views.set(hostname, ACTIVE);
    api.room.dns.pointByAddress(hostname);
    const accountUri = 'https://ca.test/acct/1';
    const cas = [{ domain: 'letsencrypt.org', accountUri, methods: ['http-01'] }];
    const known = settings.cas;
    Object.assign(settings, { cas });
    try {
      const advised = async (method: Method, suffix: string) => {
        const { issues, records } = (await api.send(ann, method, pathOf(own, suffix))).record();
        const codes = (issues as Json[]).map(({ code }) => code);
        const caa = (records as Json[]).filter(({ type }) => type === 'CAA');
        return {
          isAdvised: codes.includes('CAA_BINDABLE'),
          desired: caa.flatMap((each) => each['desired']),
        };
      };
      const nothing = { isAdvised: false, desired: [] };
      const desired = [`0 issue "letsencrypt.org; accounturi=${accountUri}"`];
      expect(await advised('POST', '/verify')).toEqual(nothing);
      expect(await advised('GET', '')).toEqual(nothing);
      expect(await advised('GET', '?advice=hardening')).toEqual({ isAdvised: true, desired });
      expect(await advised('POST', '/verify?advice=hardening')).toEqual({
        isAdvised: true,
        desired,
      });
    } finally {
      Object.assign(settings, { cas: known });
    }
    for (const odd of ['?advice=more', '?advice=', '?advice=hardening&advice=hardening']) {
      const refused = await api.send(ann, 'GET', pathOf(own, odd));
      expect([odd, refused.status, refused.json()['field']]).toEqual([odd, 422, 'advice']);
    }
  });

  it('has an issue while the host’s clock is off, and while its certificate runs out', async () => {
    const own = await api.verified(ann, aName());
    const codes = async () => {
      const { issues } = (await api.send(ann, 'GET', pathOf(own))).record();
      return (issues as Json[]).map(({ code }) => code);
    };
    api.certificates.views.set(own['hostname'] as Hostname, ACTIVE);
    expect(await codes()).toEqual([]);
    const { notAfter } = ACTIVE;
    const renewAfter = new Date(Date.now() - 2 * 86_400_000);
    api.certificates.views.set(own['hostname'] as Hostname, { ...ACTIVE, notAfter, renewAfter });
    api.clocks.observeDatabase(Date.now() - 900_000);
    expect(await codes()).toEqual(['CERT_EXPIRING_NO_PROGRESS', 'CLOCK_SKEW']);
    api.clocks.observeDatabase(Date.now());
    expect(await codes()).toEqual(['CERT_EXPIRING_NO_PROGRESS']);
  });

  it('discloses nothing of another account’s certificate for the name', async () => {
    const proven = await api.verified(bob, aName());
    api.certificates.views.set(proven['hostname'] as Hostname, ACTIVE);
    const { id } = await api.claim(ann, String(proven['hostname']));
    for (const answer of [
      await api.send(ann, 'GET', `/${String(id)}`),
      await api.send(ann, 'GET', '?state=conflict'),
    ]) {
      expect(answer.text).toContain('"state":"conflict"');
      expect(answer.text).not.toContain('ab12');
    }
  });

  const routes: readonly (readonly [Method, string, unknown])[] = [
    ['GET', '', undefined],
    ['DELETE', '', undefined],
    ['POST', '/verify', undefined],
    ['POST', '/remove', undefined],
    ['GET', '/events', undefined],
    ['GET', '/homepage-config', undefined],
    ['PUT', '/homepage-config', { enabled: true }],
    ['DELETE', '/homepage-config', undefined],
    ['GET', '/api-config', undefined],
    ['PUT', '/api-config', { enabled: true }],
    ['DELETE', '/api-config', undefined],
    ['PUT', '/certificate', { private_key: 'k', chain: 'c' }],
    ['DELETE', '/certificate', undefined],
  ];

  it.each(routes)(
    '%s %s answers other accounts as for an unknown domain',
    async (method, rest, body) => {
      const own = await api.verified(ann, aName());
      const ids = [
        String(own['id']),
        'cd000000000000000000',
        String(own['hostname']),
        'x%00y',
        '%zz',
      ];
      const answers = await Promise.all(
        ids.map((id) => api.send(bob, method, `/${id}${rest}`, { body })),
      );
      expect(new Set(answers.map(({ status, text }) => `${status} ${text}`))).toEqual(
        new Set([
          '404 {"error":"Domain not found","error_type":"RecordNotFound","request_id":"test-request"}',
        ]),
      );
      const still = (await api.send(ann, 'GET', pathOf(own))).record();
      expect(still).toMatchObject({ hostname: own['hostname'], generation: own['generation'] });
    },
  );
});

describe('an answer', () => {
  const answers: readonly (readonly [Method, string, z.ZodType])[] = [
    ['GET', '', domainAnswerSchema],
    ['POST', '/verify', domainAnswerSchema],
    ['DELETE', '/certificate', domainAnswerSchema],
    ['GET', '/events', eventsAnswerSchema],
    ['GET', '/homepage-config', homepageConfigAnswerSchema],
    ['GET', '/api-config', apiConfigAnswerSchema],
    ['DELETE', '', removalAnswerSchema],
  ];

  it('has exactly the fields of its schema', async () => {
    const own = await api.verified(ann, aName());
    const list = await api.send(ann, 'GET', '');
    expect(domainsAnswerSchema.parse(list.json())).toEqual(list.json());
    for (const [method, rest, schema] of answers) {
      const answer = await api.send(ann, method, pathOf(own, rest));
      expect(schema.parse(answer.json())).toEqual(answer.json());
    }
  });
});

describe('a request with two faults', () => {
  it('gets the same answer for a malformed id and for an unknown one', async () => {
    for (const id of ['x%00y', '%zz', 'cd000000000000000000']) {
      const put = await api.send(ann, 'PUT', `/${id}/api-config`, { body: { enabled: 'yes' } });
      expect([put.status, put.json()['field']]).toEqual([422, 'enabled']);
      const broken = await api.send(ann, 'PUT', `/${id}/api-config`, { raw: '{' });
      expect([broken.status, broken.json()['field']]).toEqual([422, 'body']);
    }
  });

  it('names the query of a claim before its body, and the body of a removal before its query', async () => {
    const claim = await api.send(ann, 'POST', '?dry_run=maybe', { raw: '{' });
    expect(claim.json()['field']).toBe('dry_run');
    const removal = await api.send(ann, 'DELETE', '/x?revoke=maybe', { raw: '{' });
    expect(removal.json()['field']).toBe('body');
  });
});

describe('verify', () => {
  it('checks immediately, and answers with the result', async () => {
    const claimed = await api.claim(ann, aName());
    const before = api.room.dns.observations;
    const answer = await api.send(ann, 'POST', pathOf(claimed, '/verify'));
    expect(answer.status).toBe(200);
    expect(api.room.dns.observations).toBe(before + 1);
    expect(answer.record()['issues']).toContainEqual(
      expect.objectContaining({ code: 'TXT_MISSING', last_checked: expect.any(String) }),
    );
  });

  it('is limited to ten times a minute', async () => {
    const claimed = await api.claim(ann, aName());
    const verify = () => api.send(ann, 'POST', pathOf(claimed, '/verify'));
    for (let count = 0; count < 10; count += 1) expect((await verify()).status).toBe(200);
    const { status, headers, json } = await verify();
    expect(status).toBe(429);
    const seconds = Number(headers['retry-after']);
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(json()).toMatchObject({ error_type: 'LimitExceeded', retry_after: seconds });
  });
});

describe('what callers without an account may do', () => {
  it.each(['homepage-config', 'api-config'])(
    '%s is off by default, can be switched on, and off again',
    async (name) => {
      const own = await api.claim(ann, aName());
      const path = pathOf(own, `/${name}`);
      const enabled = async (method: Method, body?: unknown): Promise<unknown> => {
        const answer = await api.send(ann, method, path, { body });
        expect(answer.status).toBe(200);
        expect(answer.record()['domain_id']).toBe(own['id']);
        return answer.record()['enabled'];
      };
      expect(await enabled('GET')).toBe(false);
      expect(await enabled('PUT', { enabled: true })).toBe(true);
      expect(await enabled('GET')).toBe(true);
      const shown = (await api.send(ann, 'GET', pathOf(own))).record();
      const other = name === 'api-config' ? 'homepage_config' : 'api_config';
      expect(shown).toMatchObject({ [other]: { enabled: false } });
      expect(await enabled('PUT', { enabled: false })).toBe(false);
      await enabled('PUT', { enabled: true });
      expect(await enabled('DELETE')).toBe(false);
      for (const body of [{}, { enabled: 'yes' }, { enabled: 1 }, { enabled: null }]) {
        const refused = await api.send(ann, 'PUT', path, { body });
        expect([refused.status, refused.json()['field']]).toEqual([422, 'enabled']);
      }
    },
  );
});

describe('an uploaded certificate', () => {
  const upload = { private_key: 'KEY', chain: 'CHAIN' };

  it('is accepted for a proven name, and can be withdrawn', async () => {
    const own = await api.verified(ann, aName());
    const put = await api.send(ann, 'PUT', pathOf(own, '/certificate'), { body: upload });
    expect(put.status).toBe(200);
    expect(put.record()).toMatchObject({ id: own['id'] });
    expect(put.text).not.toContain('KEY');
    expect(api.certificates.uploads).toContainEqual({
      hostname: own['hostname'],
      privateKeyPem: 'KEY',
      chainPem: 'CHAIN',
    });
    const back = await api.send(ann, 'DELETE', pathOf(own, '/certificate'));
    expect(back.status).toBe(200);
    expect(api.certificates.reverted).toContain(own['hostname']);
  });

  it('is refused by field, with the reason', async () => {
    const own = await api.verified(ann, aName());
    const path = pathOf(own, '/certificate');
    api.certificates.refusal = {
      field: 'certificate',
      code: 'CHAIN_INCOMPLETE',
      message: 'Send the rest.',
    };
    const refused = await api.send(ann, 'PUT', path, { body: upload });
    api.certificates.refusal = null;
    expect(refused.status).toBe(422);
    expect(refused.json()).toMatchObject({
      error: 'Send the rest.',
      field: 'chain',
      code: 'CHAIN_INCOMPLETE',
    });
    for (const field of ['private_key', 'chain']) {
      const without = await api.send(ann, 'PUT', path, { body: { ...upload, [field]: '' } });
      expect([without.status, without.json()['field']]).toEqual([422, field]);
    }
  });

  it('is refused for a name that is not proven', async () => {
    const proven = await api.verified(bob, aName());
    const claimed = await api.claim(ann, String(proven['hostname']));
    for (const method of ['PUT', 'DELETE'] as const) {
      const path = pathOf(claimed, '/certificate');
      const answer = await api.send(ann, method, path, { body: upload });
      expect([answer.status, answer.json()['code']]).toEqual([422, 'DOMAIN_NOT_VERIFIED']);
    }
    expect(api.certificates.uploads.map(({ hostname }) => hostname)).not.toContain(
      proven['hostname'],
    );
    expect(api.certificates.reverted).not.toContain(proven['hostname']);
  });
});

describe('removing', () => {
  it.each([
    ['DELETE', '', undefined, false],
    ['POST', '/remove', undefined, false],
    ['DELETE', '?revoke=true', undefined, true],
    ['POST', '/remove', { revoke: true }, true],
  ] as const)('%s %s with %j', async (method, rest, body, revoke) => {
    const own = await api.verified(ann, aName());
    const answer = await api.send(ann, method, pathOf(own, rest), { body });
    expect(answer.status).toBe(200);
    expect(answer.json()).toEqual({
      user_id: api.accountOf(ann).id,
      record: {},
      message: `Removed ${String(own['hostname'])}`,
      records_to_remove: expect.any(Array),
    });
    expect(api.certificates.removals.at(-1)).toEqual({ hostname: own['hostname'], revoke });
    expect((await api.send(ann, 'GET', pathOf(own))).status).toBe(404);
    expect((await api.send(ann, method, pathOf(own, rest), { body })).status).toBe(404);
  });

  it('an unproven claim keeps the holder’s certificate', async () => {
    const proven = await api.verified(bob, aName());
    const claimed = await api.claim(ann, String(proven['hostname']));
    expect((await api.send(ann, 'DELETE', pathOf(claimed))).status).toBe(200);
    expect(api.certificates.removals.map(({ hostname }) => hostname)).not.toContain(
      proven['hostname'],
    );
    expect((await api.send(bob, 'GET', pathOf(proven))).record()).toMatchObject({ verified: true });
  });
});
