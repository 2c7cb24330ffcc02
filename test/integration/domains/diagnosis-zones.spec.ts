import {
  APEX,
  CHALLENGE,
  CHALLENGE_NAME,
  LABEL,
  NAME,
  ObservedName,
  REQUEST,
  TARGET,
  ZONE,
  advised,
  fixOf,
} from './observed-name.js';

const ADD_CNAME = `Add a CNAME record secrets with the value ${TARGET}.`;

let name: ObservedName;

beforeEach(async () => {
  name = await ObservedName.start();
});
afterEach(() => name.stop());

const zone = () => name.dns.zone;

describe('a record that is missing', () => {
  it.each([
    ['GoDaddy', ['ns11.domaincontrol.com', 'ns12.domaincontrol.com']],
    ['Amazon Route 53', ['ns-2.awsdns-00.co.uk']],
    ['Cloudflare', ['anna.ns.cloudflare.com']],
  ])('is to be made at %s, which serves the zone', async (provider, servers) => {
    zone().set(ZONE, 'NS', servers);
    const seen = await name.look();
    expect(seen.codes).toEqual(['TXT_MISSING', 'NO_RECORDS']);
    for (const code of seen.codes) {
      expect(seen.issue(code).detail).toContain(`served by ${provider} (`);
      expect(seen.issue(code).evidence).toMatchObject({ nameServers: servers, provider });
    }
    for (const { providerHint } of seen.records) expect(providerHint).toContain(provider);
  });

  it('is to be made where the name servers of a delegated part of the zone are', async () => {
    const hostname = 'secrets.shop.acme.test';
    zone().set(ZONE, 'NS', ['ns11.domaincontrol.com']);
    zone().set('shop.acme.test', 'NS', ['ns1.self.example']);
    const challengeName = `${LABEL}.${hostname}`;
    const expected = { ...REQUEST.expected, challengeName };
    const seen = await name.look({ hostname, relativeName: 'secrets.shop', expected });
    expect(seen.issue('NO_RECORDS').detail).toContain(
      'The zone shop.acme.test is served by ns1.self.example:',
    );
    expect(seen.issue('NO_RECORDS').evidence).toMatchObject({ provider: null });
    expect(seen.codes).toEqual(['DELEGATED_ZONE', 'TXT_MISSING', 'NO_RECORDS']);
    expect(fixOf(seen, 'DELEGATED_ZONE')).toBe(
      `Make the records in the zone shop.acme.test, at ns1.self.example. Add a TXT record ${LABEL}.secrets with the value ${CHALLENGE}. Add a CNAME record secrets with the value ${TARGET}. Or remove the NS records shop in the zone acme.test, and make the records there.`,
    );
  });

  describe('at a name that is a zone of its own', () => {
    beforeEach(() => {
      zone().set(ZONE, 'NS', ['ns11.domaincontrol.com']);
      zone().set(NAME, 'NS', ['ns-2.awsdns-00.co.uk']);
    });

    it('is an address record in that zone, since no CNAME record can stand there', async () => {
      const seen = await name.look();
      expect(seen.codes).toEqual(['DELEGATED_ZONE', 'TXT_MISSING', 'NO_RECORDS']);
      expect(seen.issue('DELEGATED_ZONE').detail).toBe(
        'NS records in the zone acme.test give secrets.acme.test to Amazon Route 53 (ns-2.awsdns-00.co.uk). Records for secrets.acme.test that are made in the zone acme.test have no effect.',
      );
      expect(fixOf(seen, 'DELEGATED_ZONE')).toBe(
        `Make the records in the zone secrets.acme.test, at Amazon Route 53. Add a TXT record ${LABEL} with the value ${CHALLENGE}. Add an A record @ with the value 127.0.0.1. Or remove the NS records secrets in the zone acme.test, and make the records there.`,
      );
      expect(fixOf(seen, 'NO_RECORDS')).toBe('Add an A record secrets with the value 127.0.0.1.');
      expect(advised(seen)).toEqual(['add TXT missing', 'add A missing']);
    });

    it('is none once its own zone has the records', async () => {
      zone().set(NAME, 'A', ['127.0.0.1']);
      zone().set(CHALLENGE_NAME, 'TXT', [CHALLENGE]);
      const seen = await name.look();
      expect([seen.codes, seen.routing]).toEqual([[], 'pointed']);
    });

    it('is changed as an address record where it leads elsewhere', async () => {
      zone().set(NAME, 'A', ['198.51.100.7']);
      zone().set(CHALLENGE_NAME, 'TXT', [CHALLENGE]);
      const seen = await name.look();
      expect(seen.codes).toEqual(['DELEGATED_ZONE', 'A_ELSEWHERE']);
      expect(fixOf(seen, 'A_ELSEWHERE')).toBe(
        'Remove the A record 198.51.100.7 at secrets. Add an A record secrets with the value 127.0.0.1.',
      );
    });

    it('says nothing of zones while the name servers fail', async () => {
      for (const type of ['A', 'AAAA', 'CNAME']) name.dns.fault(NAME, 'servfail', type);
      expect((await name.look()).codes).not.toContain('DELEGATED_ZONE');
    });
  });

  it('is named without a provider while the name servers are unknown', async () => {
    name.dns.fault('*', 'servfail', 'NS');
    const seen = await name.look();
    expect(seen.issue('TXT_MISSING').detail).toBe(`Nothing was found at ${CHALLENGE_NAME}.`);
  });
});

describe('records beside the CNAME record', () => {
  beforeEach(() => zone().set(CHALLENGE_NAME, 'TXT', [CHALLENGE]));

  it.each([true, false])(
    'are reported if they are MX (shown with the CNAME record: %s)',
    async (isShown) => {
      zone().set(NAME, 'CNAME', [TARGET]);
      zone().set(NAME, 'MX', ['10 mail.acme.test']);
      const data = { preference: 10, exchange: 'mail.acme.test' };
      if (!isShown)
        name.dns.raw.set(`${NAME} MX`, {
          rcode: 'NOERROR',
          answers: [{ name: NAME, type: 'MX', ttl: 60, data }],
        });
      const seen = await name.look();
      expect(seen.codes).toEqual(['CNAME_WITH_SIBLINGS']);
      expect(seen.issue('CNAME_WITH_SIBLINGS').detail).toContain(`Mail to addresses at ${NAME}`);
      expect(fixOf(seen, 'CNAME_WITH_SIBLINGS')).toBe(
        'Remove the MX records at secrets and keep the CNAME record secrets alone.',
      );
    },
  );

  it('are to be removed first if the CNAME record is still missing', async () => {
    zone().set(NAME, 'MX', ['10 mail.acme.test']);
    zone().set(NAME, 'TXT', ['v=spf1 -all']);
    const seen = await name.look();
    expect(fixOf(seen, 'NO_RECORDS')).toBe(
      `Remove the MX and TXT records at secrets, because a CNAME record stands alone at its name. ${ADD_CNAME}`,
    );
    expect(advised(seen)).toEqual([
      'keep TXT ok',
      'add CNAME missing',
      'remove MX conflict',
      'remove TXT conflict',
    ]);
  });

  it('stay beside our addresses, which need no CNAME record', async () => {
    zone().set(NAME, 'MX', ['10 mail.acme.test']);
    zone().set(NAME, 'A', ['127.0.0.1']);
    const seen = await name.look();
    expect(seen.codes).toEqual([]);
    expect(advised(seen)).toEqual(['keep TXT ok', 'add CNAME missing', 'keep A ok']);
    expect(seen.records[1]?.required).toBe(false);
  });

  it('are none if a wildcard record answers', async () => {
    zone().clear(CHALLENGE_NAME);
    zone().set('*.acme.test', 'MX', ['10 mail.acme.test']);
    zone().set('*.acme.test', 'TXT', ['v=spf1 -all']);
    const seen = await name.look();
    expect(fixOf(seen, 'NO_RECORDS')).toBe(ADD_CNAME);
    expect(advised(seen)).toEqual(['add TXT missing', 'add CNAME missing']);
  });
});

describe('a wildcard record that answers for the name', () => {
  it.each([
    ['to our address', 'A', '127.0.0.1', 'ADDRESS_INSTEAD_OF_CNAME'],
    ['to the region host', 'CNAME', 'eu.onetime.test', 'CNAME_OTHER_TARGET'],
    ["to another region's host", 'CNAME', 'us.onetime.test', 'CNAME_STALE_REGION'],
    ['elsewhere', 'A', '198.51.100.7', 'WILDCARD_SHADOW'],
    ['elsewhere by IPv6', 'AAAA', '2001:db8::7', 'WILDCARD_SHADOW'],
  ] as const)('%s is neither changed nor removed', async (_, type, value, code) => {
    zone().set('us.onetime.test', 'A', ['127.0.0.1']);
    zone().set('*.acme.test', type, [value]);
    zone().set(CHALLENGE_NAME, 'TXT', [CHALLENGE]);
    zone().clear(CHALLENGE_NAME);
    const seen = await name.look();
    expect(fixOf(seen, code)).toMatch(/^Add a CNAME record secrets with the value /);
    expect(advised(seen).at(-1)).toBe('add CNAME missing');
  });

  it('with an orange cloud gets a record of its own beside it', async () => {
    zone().set('*.acme.test', 'A', ['104.16.1.1']);
    name.proxied('html', 'cloudflare');
    const seen = await name.look();
    expect(fixOf(seen, 'PROXY_CLOUDFLARE')).toContain(ADD_CNAME);
    expect(advised(seen)).toEqual(['add TXT missing', 'add CNAME missing']);
  });
});

describe('addresses behind a CNAME record', () => {
  beforeEach(() => zone().set(CHALLENGE_NAME, 'TXT', [CHALLENGE]));

  it.each([
    ['of a private network', ['10.1.2.3'], ['PRIVATE_ADDRESS']],
    ['of ours and of others', ['127.0.0.1', '198.51.100.7'], ['CNAME_ELSEWHERE']],
  ])('%s are not records of the name', async (_, addresses, codes) => {
    zone().set(NAME, 'CNAME', ['lb.other.test']);
    zone().set('lb.other.test', 'A', addresses);
    const seen = await name.look();
    expect(seen.codes).toEqual(codes);
    for (const code of codes)
      expect(fixOf(seen, code)).toBe(
        `Change the CNAME record secrets from lb.other.test to the value ${TARGET}.`,
      );
    expect(advised(seen)).toEqual(['keep TXT ok', 'change CNAME wrong']);
  });
});

describe('a name with AAAA records only', () => {
  beforeEach(() => {
    zone().set(CHALLENGE_NAME, 'TXT', [CHALLENGE]);
    zone().set(`${LABEL}.${ZONE}`, 'TXT', [CHALLENGE]);
  });
  const expected = (changes: object) => ({
    expected: { ...changes, ingressAddresses: ['127.0.0.1', '2001:db8:10::10'] },
  });

  it('misses the IPv4 address of the region', async () => {
    zone().set(NAME, 'AAAA', ['2001:db8:10::10']);
    const seen = await name.look(expected((await name.look()).facts.expected) as never);
    expect(seen.codes).toContain('A_MISSING');
    expect(seen.codes).not.toContain('ADDRESS_INSTEAD_OF_CNAME');
    expect(fixOf(seen, 'A_MISSING')).toBe(
      `Remove the AAAA record 2001:db8:10::10 at secrets and add a CNAME record secrets with the value ${TARGET}.`,
    );
  });

  it('misses it at the apex', async () => {
    zone().set(ZONE, 'AAAA', ['2001:db8:10::10']);
    const { facts } = await name.look(APEX);
    const seen = await name.look({ ...APEX, ...expected(facts.expected) } as never);
    expect(seen.codes).toContain('A_MISSING');
    expect(fixOf(seen, 'A_MISSING')).toBe('Add an A record @ with the value 127.0.0.1.');
  });

  it('that lead elsewhere is to lose exactly those', async () => {
    zone().set(NAME, 'AAAA', ['2001:db8::7']);
    const seen = await name.look();
    expect(seen.codes).toEqual(['A_ELSEWHERE']);
    expect(fixOf(seen, 'A_ELSEWHERE')).toContain('Remove the AAAA record 2001:db8::7 at secrets');
    expect(advised(seen)).toEqual(['keep TXT ok', 'add CNAME missing', 'remove AAAA conflict']);
  });
});
