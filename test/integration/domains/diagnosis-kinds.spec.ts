import {
  APEX,
  CHALLENGE,
  CHALLENGE_NAME,
  LABEL,
  NAME,
  ObservedName,
  TARGET,
  ZONE,
  advised,
  fixOf,
  type Seen,
} from './observed-name.js';

const CNAME_FIX = `Change the CNAME record secrets to the value ${TARGET}.`;
const TXT_FIX = `Add a TXT record ${LABEL}.secrets with the value ${CHALLENGE}.`;

let name: ObservedName;

beforeEach(async () => {
  name = await ObservedName.start();
});
afterEach(() => name.stop());

const zone = () => name.dns.zone;

describe('a CNAME record to a name of the service that is not the target', () => {
  beforeEach(() => zone().set(CHALLENGE_NAME, 'TXT', [CHALLENGE]));

  it.each(['eu.onetime.test', 'onetime.test', 'eu.ingress.onetime.test'])(
    'is to be changed where it leads to %s, and no address record is to be removed',
    async (host) => {
      zone().set(host, 'A', ['127.0.0.1']);
      zone().set(NAME, 'CNAME', [host]);
      const seen = await name.look();
      expect([seen.codes, seen.routing]).toEqual([['CNAME_OTHER_TARGET'], 'pointed']);
      expect(seen.issue('CNAME_OTHER_TARGET')).toMatchObject({
        severity: 'warning',
        detail: expect.stringContaining(`${host}, a name of the service itself`),
        fix: {
          summary: `Change the CNAME record secrets from ${host} to the value ${TARGET}.`,
          recordRef: 1,
        },
      });
      expect(advised(seen)).toEqual(['keep TXT ok', 'change CNAME wrong']);
    },
  );

  it('is to be changed where a name of the service does not lead to this region', async () => {
    zone().set('onetime.test', 'A', ['198.51.100.7']);
    zone().set(NAME, 'CNAME', ['onetime.test']);
    const seen = await name.look();
    expect([seen.codes, seen.routing]).toEqual([['CNAME_OTHER_TARGET'], 'elsewhere']);
    expect(seen.issue('CNAME_OTHER_TARGET').severity).toBe('blocking');
  });

  it("is of the wrong region where it leads to another region's host", async () => {
    zone().set('us.onetime.test', 'A', ['127.0.0.1']);
    zone().set(NAME, 'CNAME', ['us.onetime.test']);
    const seen = await name.look();
    expect([seen.codes, seen.routing]).toEqual([['CNAME_STALE_REGION'], 'wrong_region']);
    expect(fixOf(seen, 'CNAME_STALE_REGION')).toBe(CNAME_FIX);
  });

  it("is to be changed where it leads to a name of the customer's with our addresses", async () => {
    zone().set('lb.acme.test', 'A', ['127.0.0.1']);
    zone().set(NAME, 'CNAME', ['lb.acme.test']);
    const seen = await name.look();
    expect(seen.codes).toEqual(['CNAME_OTHER_TARGET']);
    expect(fixOf(seen, 'CNAME_OTHER_TARGET')).toContain('from lb.acme.test to the value');
    expect(advised(seen)).toEqual(['keep TXT ok', 'change CNAME wrong']);
  });

  it.each(['ours', 'html'] as const)(
    'cannot be seen behind an orange cloud (%s): no address of Cloudflare is to be removed',
    async (status) => {
      zone().set(NAME, 'A', ['104.16.1.1', '104.16.2.2']);
      zone().set(NAME, 'AAAA', ['2606:4700::1']);
      name.proxied(status, 'cloudflare');
      const seen = await name.look();
      expect(seen.codes).toEqual([
        'PROXY_CLOUDFLARE',
        ...(status === 'html' ? ['CHALLENGE_HTML'] : []),
      ]);
      for (const code of seen.codes) expect(fixOf(seen, code)).not.toMatch(/Add|Remove/);
      expect(fixOf(seen, 'PROXY_CLOUDFLARE')).toBe(
        `In the Cloudflare panel, set the record secrets to "DNS only". Its type must be CNAME with the value ${TARGET}.`,
      );
      expect(advised(seen)).toEqual(['keep TXT ok', 'change CNAME wrong']);
    },
  );

  it('cannot be seen behind an orange cloud at the apex either', async () => {
    zone().set(ZONE, 'A', ['104.16.1.1']);
    zone().set(ZONE, 'AAAA', ['2606:4700::1']);
    zone().set(`${LABEL}.${ZONE}`, 'TXT', [CHALLENGE]);
    name.proxied('ours', 'cloudflare');
    const seen = await name.look(APEX);
    expect(seen.codes).toEqual(['PROXY_CLOUDFLARE']);
    expect(fixOf(seen, 'PROXY_CLOUDFLARE')).toContain('A with the value 127.0.0.1');
    expect(advised(seen)).toEqual(['keep TXT ok', 'change A wrong']);
  });
});

describe('a CNAME record whose value is wrong', () => {
  beforeEach(() => zone().set(CHALLENGE_NAME, 'TXT', [CHALLENGE]));

  it.each(['nothing', 'servfail'] as const)(
    'is in a circle, and the customer changes it (resolvers answer with %s)',
    async (fault) => {
      zone().set(NAME, 'CNAME', ['a.acme.test']);
      zone().set('a.acme.test', 'CNAME', [NAME]);
      for (const type of ['A', 'AAAA', 'TXT', 'MX', 'CAA'])
        if (fault === 'servfail') name.dns.fault(NAME, fault, type);
      const seen = await name.look();
      expect(seen.codes).toEqual(['CNAME_LOOP']);
      expect(seen.issue('CNAME_LOOP')).toMatchObject({
        owner: 'customer',
        severity: 'blocking',
        detail: expect.stringContaining(`${NAME} → a.acme.test → ${NAME}`),
        fix: { summary: CNAME_FIX, recordRef: 1 },
      });
      expect(seen.routing).toBe('elsewhere');
    },
  );

  it('leads to itself', async () => {
    zone().set(NAME, 'CNAME', [NAME]);
    expect((await name.look()).codes).toEqual(['CNAME_LOOP']);
  });

  it('leads to a zone that fails', async () => {
    zone().set(NAME, 'CNAME', ['shop.broken.test']);
    for (const asked of [NAME, 'shop.broken.test'])
      for (const type of ['A', 'AAAA']) name.dns.fault(asked, 'servfail', type);
    name.dns.fault('shop.broken.test', 'servfail', 'CNAME');
    const seen = await name.look();
    expect(seen.codes).toEqual(['CNAME_UNRESOLVED']);
    expect(seen.issue('CNAME_UNRESOLVED')).toMatchObject({
      owner: 'customer',
      detail: expect.stringContaining('shop.broken.test'),
      fix: { summary: CNAME_FIX },
    });
    // Nothing is concluded from a failure.
    expect(seen.routing).toBe('unknown');
  });

  it('is our own fault where the target itself cannot be looked up', async () => {
    zone().set(NAME, 'CNAME', [TARGET]);
    for (const type of ['A', 'AAAA']) name.dns.fault(NAME, 'servfail', type);
    const seen = await name.look();
    expect(seen.codes).toEqual(['DNS_UNREACHABLE']);
    expect(seen.issue('DNS_UNREACHABLE').owner).toBe('operator');
  });

  it.each([
    ['the zone', TARGET, ZONE],
    ['its own parent', TARGET, NAME],
    ['the zone, on the region host', 'eu.onetime.test', ZONE],
  ])('has %s appended', async (_, value, added) => {
    zone().set(NAME, 'CNAME', [`${value}.${added}`]);
    const seen = await name.look();
    expect(seen.codes).toEqual(['CNAME_VALUE_DOUBLED']);
    expect(seen.issue('CNAME_VALUE_DOUBLED').detail).toContain(`added ${added} to it`);
    expect(fixOf(seen, 'CNAME_VALUE_DOUBLED')).toBe(
      `${CNAME_FIX} Enter it with a dot at its end, if the panel allows that.`,
    );
  });

  it.each([`https://${TARGET}`, `https://${TARGET}/`, `http://${TARGET}`, `${TARGET}/path`])(
    'is the web address %s',
    async (value) => {
      const answers = [{ name: NAME, type: 'CNAME' as const, ttl: 60, data: value }];
      for (const type of ['A', 'AAAA', 'CNAME', 'TXT', 'MX'])
        name.dns.raw.set(`${NAME} ${type}`, { rcode: 'NOERROR', answers });
      const seen = await name.look();
      expect(seen.codes).toEqual(['CNAME_VALUE_URL']);
      expect(fixOf(seen, 'CNAME_VALUE_URL')).toBe(CNAME_FIX);
    },
  );
});

describe('a routing record at the wrong place', () => {
  beforeEach(() => zone().set(CHALLENGE_NAME, 'TXT', [CHALLENGE]));

  it.each([
    ['CNAME_DOUBLE_LABEL', `${NAME}.${ZONE}`, NAME],
    ['CNAME_DOUBLE_LABEL', `${NAME}.${NAME}`, `${NAME}.secrets`],
    ['CNAME_WRONG_NAME', ZONE, '@'],
  ])('is %s at %s', async (code, at, shown) => {
    zone().set(at, 'CNAME', [TARGET]);
    const seen = await name.look();
    expect(seen.codes).toEqual([code]);
    expect(fixOf(seen, code)).toBe(`Change the name of the CNAME record from ${shown} to secrets.`);
  });

  it('is reported beside an old record at the name', async () => {
    zone().set(`${NAME}.${ZONE}`, 'CNAME', [TARGET]);
    zone().set(NAME, 'A', ['198.51.100.7']);
    expect((await name.look()).codes).toEqual(['CNAME_DOUBLE_LABEL', 'A_ELSEWHERE']);
  });

  it('is A_DOUBLE_LABEL at an apex', async () => {
    zone().set(`${ZONE}.${ZONE}`, 'A', ['127.0.0.1']);
    zone().set(`${LABEL}.${ZONE}`, 'TXT', [CHALLENGE]);
    const seen = await name.look(APEX);
    expect(seen.codes).toEqual(['A_DOUBLE_LABEL']);
    expect(fixOf(seen, 'A_DOUBLE_LABEL')).toBe(
      `Change the name of the A record from acme.test to @.`,
    );
  });

  it('has the type TXT', async () => {
    zone().set(NAME, 'TXT', [TARGET]);
    const seen = await name.look();
    expect(seen.codes).toEqual(['CNAME_IS_TXT']);
    expect(fixOf(seen, 'CNAME_IS_TXT')).toBe(
      `Remove the TXT record secrets and add a CNAME record secrets with the value ${TARGET}.`,
    );
  });
});

describe('a TXT record', () => {
  beforeEach(() => zone().set(NAME, 'A', ['127.0.0.1']));
  const codeOf = (seen: Seen) => seen.codes.find((code) => code.startsWith('TXT_'));

  it.each([
    ['*.acme.test', ['v=spf1 -all']],
    [`*.${NAME}`, ['something', 'else']],
  ])('of the wildcard %s is none to change', async (at, values) => {
    zone().set(at, 'TXT', values);
    if (at === '*.acme.test') zone().clear(NAME);
    const seen = await name.look();
    expect(codeOf(seen)).toBe('TXT_MISSING');
    expect(seen.issue('TXT_MISSING').detail).toContain('a wildcard record answers');
    expect(fixOf(seen, 'TXT_MISSING')).toBe(TXT_FIX);
    expect(advised(seen)[0]).toBe('add TXT missing');
  });

  it('of a wildcard CNAME record is none to change', async () => {
    zone().set(`*.${NAME}`, 'CNAME', ['shop.example.test']);
    const seen = await name.look();
    expect(codeOf(seen)).toBe('TXT_MISSING');
    expect(fixOf(seen, 'TXT_MISSING')).toBe(TXT_FIX);
  });

  it.each([
    ['TXT_WRONG_NAME', ZONE, '@'],
    ['TXT_WRONG_NAME', `${LABEL}.${ZONE}`, LABEL],
    ['TXT_WRONG_NAME', `${LABEL.slice(1)}.${NAME}`, `${LABEL.slice(1)}.secrets`],
    ['TXT_WRONG_NAME', `_onetime-challenge.${NAME}`, '_onetime-challenge.secrets'],
    ['TXT_DOUBLE_LABEL', `${CHALLENGE_NAME}.${NAME}`, `${CHALLENGE_NAME}.secrets`],
  ])('is %s at %s', async (code, at, shown) => {
    zone().set(at, 'TXT', ['other', `"${CHALLENGE.toUpperCase()}"`]);
    const seen = await name.look();
    expect(codeOf(seen)).toBe(code);
    expect(fixOf(seen, code)).toBe(
      `Change the name of the TXT record from ${shown} to ${LABEL}.secrets.`,
    );
    expect(seen.issue(code).evidence).toEqual({ foundAt: at });
  });

  it.each([TARGET, `${CHALLENGE}.acme.test`])('is a CNAME record to %s', async (value) => {
    zone().set(CHALLENGE_NAME, 'CNAME', [value]);
    const seen = await name.look();
    expect(codeOf(seen)).toBe('TXT_IS_CNAME');
    expect(fixOf(seen, 'TXT_IS_CNAME')).toBe(
      `Remove the CNAME record ${LABEL}.secrets. ${TXT_FIX}`,
    );
    expect(advised(seen)[0]).toBe('add TXT missing');
  });

  it('may be a CNAME record to a TXT record with the value', async () => {
    zone().set(CHALLENGE_NAME, 'CNAME', ['proofs.acme.test']);
    zone().set('proofs.acme.test', 'TXT', [CHALLENGE]);
    expect(codeOf(await name.look())).toBeUndefined();
  });

  it.each([`https://${CHALLENGE}`, `${LABEL}=${CHALLENGE}`, `value: ${CHALLENGE}.`])(
    'has text around the value: %s',
    async (value) => {
      zone().set(CHALLENGE_NAME, 'TXT', [value]);
      const seen = await name.look();
      expect(codeOf(seen)).toBe('TXT_EXTRA_TEXT');
      expect(fixOf(seen, 'TXT_EXTRA_TEXT')).toBe(
        `Change the TXT record ${LABEL}.secrets: enter the value ${CHALLENGE} and nothing else.`,
      );
    },
  );

  it('proves the name in upper case too', async () => {
    zone().set(CHALLENGE_NAME, 'TXT', [CHALLENGE.toUpperCase()]);
    const seen = await name.look();
    expect(codeOf(seen)).toBe('TXT_UPPER_CASE');
    expect(seen.issue('TXT_UPPER_CASE').severity).toBe('warning');
    expect(fixOf(seen, 'TXT_UPPER_CASE')).toContain('in lower case');
  });

  it.each([`\u00ab${CHALLENGE}\u00bb`, `\\"${CHALLENGE}\\"`, `\u200b${CHALLENGE}`])(
    'proves the name in quotation marks of any kind: %j',
    async (value) => {
      zone().set(CHALLENGE_NAME, 'TXT', [value]);
      expect(codeOf(await name.look())).toBe('TXT_QUOTED');
    },
  );
});
