import { CHALLENGE_TYPES, type ChallengeType } from '../../../src/acme/authorize-order.js';
import type { IssueTask } from '../../../src/acme/issue-steps.js';
import { decidePersist, persistName } from '../../../src/dns/persist-record.js';
import type { Hostname } from '../../../src/shared/hostname.js';
import { describeWithPebble } from '../../support/pebble-program.js';
import { PersistDouble } from '../../support/persist-double.js';
import { TestDnsServer } from '../../support/dns-server.js';
import { issueWith, newAccount, startAcmeWorld, taskFor, type AcmeWorld } from './acme-world.js';

const ISSUERS = ['ca.example', 'also.example'];

describeWithPebble('dns-persist-01', () => {
  let world: AcmeWorld;
  let client: ReturnType<AcmeWorld['newClient']>;
  let account: string;
  let double: PersistDouble;
  let dns: TestDnsServer;

  beforeAll(async () => {
    world = await startAcmeWorld({ isAlwaysValid: true });
    dns = await TestDnsServer.start();
    client = world.newClient(newAccount());
    account = await client.ensureAccount();
  });
  beforeEach(() => {
    const offer = { issuers: ISSUERS, accountUri: account };
    double = new PersistDouble(offer, dns.address);
    world.proxy.extension = double;
  });
  afterAll(async () => {
    await world.stop();
    await dns.stop();
  });

  const good = () => `ca.example; accounturi=${account}`;
  const now = () => Date.now() / 1000;

  /** A name with these records. */
  async function aName(...values: string[]): Promise<Hostname> {
    const name = await world.newName();
    if (values.length > 0) dns.zone.set(persistName(name), 'TXT', values);
    return name;
  }

  /** With dns-persist-01 as the best way. @param seen the records as we have looked them up; null: the flag is off */
  function task(
    name: Hostname,
    seen: readonly string[] | null,
    changes: Partial<IssueTask> = {},
  ): IssueTask {
    const types: ChallengeType[] =
      seen === null ? [...CHALLENGE_TYPES] : ['dns-persist-01', 'http-01'];
    return taskFor(world, name, {
      challengeTypes: types,
      ...(seen !== null && {
        persist: {
          permits: ({ issuers, accounturi }) =>
            decidePersist(seen, { issuers, accountUri: accounturi }, { now: now() }).kind ===
            'permitted',
          use: () => Promise.resolve(),
        },
      }),
      ...changes,
    });
  }

  /** The CA decides alone. */
  const whateverSeen = { persist: { permits: () => true, use: () => Promise.resolve() } };

  it('is used where the record permits it, without a token and without publishing anything', async () => {
    const name = await aName(good());
    const publishChallenge = () => Promise.reject(new Error('nothing is to be published'));
    const issued = await issueWith(() => client, task(name, [good()], { publishChallenge }));
    expect(issued.certificate.hostname).toBe(name);
    expect(double.started).toEqual(['dns-persist-01']);
  });

  it('is decided here as the CA decides it', async () => {
    const rows: [string, string[]][] = [
      ['split strings', [`${good()}; comment=${'x'.repeat(300)}`]],
      ['a good one beside a bad one', [`${good()};`, good()]],
      ['an unknown tag', [`${good()}; colour=blue`]],
      ['the time left', [`${good()}; persistUntil=${Math.floor(now()) + 60}`]],
      ['another account', [`${good()}0`]],
      ['a trailing semicolon', [`${good()};`]],
      ['a tag twice', [`${good()}; accounturi=${account}`]],
      ['an end that has passed', [`${good()}; persistUntil=${Math.floor(now()) - 1}`]],
      ['another CA', [`other.example; accounturi=${account}`]],
    ];
    const verdicts = new Set<boolean>();
    for (const [what, values] of rows) {
      const name = await aName(...values);
      const offer = { issuers: ISSUERS, accountUri: account };
      const isPermitted = decidePersist(values, offer, { now: now() }).kind === 'permitted';
      const issued = await issueWith(() => client, task(name, values, whateverSeen)).then(
        () => true,
        () => false,
      );
      expect([what, issued]).toEqual([what, isPermitted]);
      verdicts.add(issued);
    }
    expect(double.started).toEqual(rows.map(() => 'dns-persist-01'));
    expect(verdicts.size).toBe(2);
  });

  it('is not started with a record that the CA would refuse: http-01 is', async () => {
    const values = [`${good()};`];
    const name = await aName(...values);
    await issueWith(() => client, task(name, values));
    expect(double.started).toEqual(['http-01']);
  });

  it('fails with the problem of the CA when its look-up fails', async () => {
    const name = await aName();
    dns.fault(persistName(name), 'servfail');
    const failed = issueWith(() => client, task(name, [good()]));
    await expect(failed).rejects.toMatchObject({ type: expect.stringMatching(/:dns$/) });
  });

  it('says which types the CA offers', async () => {
    const offered: string[][] = [];
    const onOffered = async (types: readonly string[]) => void offered.push([...types].toSorted());
    await issueWith(() => client, task(await aName(good()), [good()], { onOffered }));
    expect(offered[0]).toEqual(['dns-persist-01', 'http-01', 'tls-alpn-01']);
  });

  describe('while it is off', () => {
    const wantsHttp = { challengeTypes: ['http-01', 'tls-alpn-01'] as ChallengeType[] };

    it.each([
      ['the shape of draft -01', {}],
      ['unknown fields of every kind', { hash: { alg: 7 }, token: null, list: [[]], n: 1e9 }],
      ['no account', { accounturi: undefined }],
      ['no issuers', { 'issuer-domain-names': undefined }],
      ['issuers of a wrong type', { 'issuer-domain-names': 'ca.example' }],
      [
        'the other spelling of the issuers',
        { 'issuer-domain-names': undefined, issuerDomainNames: ISSUERS },
      ],
      ['no URL', { url: undefined }],
      ['an unknown status', { status: 'deactivated' }],
      ['an error while it is pending', { error: { type: 'about:blank', detail: 'x' } }],
      ['a token of its own', { token: 'abc' }],
    ])('leaves the other ways alone with %s', async (_what, fields) => {
      const persist = {
        type: 'dns-persist-01',
        status: 'pending',
        url: `${world.proxy.directoryUrl}/1`,
      };
      double.others = [
        { ...persist, 'issuer-domain-names': ISSUERS, accounturi: account, ...fields },
      ];
      await issueWith(() => client, task(await aName(good()), null, wantsHttp));
      expect(double.started).toEqual(['http-01']);
    });

    it('leaves them alone with several, of types that nobody knows, and of no shape at all', async () => {
      const unknown = [null, 7, 'x', [], {}, { type: 7 }, { type: 'dns-persist-02' }];
      const several = [1, 2, 3].map((n) => ({
        type: 'dns-persist-01',
        status: 'pending',
        url: `${world.proxy.directoryUrl}/${n}`,
      }));
      double.others = [...several, ...(unknown as object[])];
      await issueWith(() => client, task(await aName(), null, wantsHttp));
      expect(double.started).toEqual(['http-01']);
    });

    it('is never started, even where nothing else is offered', async () => {
      const failed = issueWith(
        () => client,
        task(await aName(good()), null, { challengeTypes: ['dns-01'] }),
      );
      await expect(failed).rejects.toMatchObject({ type: 'no_challenge' });
      expect(double.started).toEqual([]);
    });
  });
});
