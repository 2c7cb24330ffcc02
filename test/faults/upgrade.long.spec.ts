import { insertSession } from '../support/browser-session.js';
import { DomainClient, recordsToMake } from '../support/domain-client.js';
import { REGION_HOST } from '../support/domain-scene-services.js';
import { DomainScene } from '../support/domain-scene.js';
import type { GatewayProcess } from '../support/gateway-process.js';
import { call, type Answer, type Call } from '../support/https-client.js';
import { noOldProgram, OldProgram } from '../support/old-program.js';
import { pressAsPerson } from '../support/person.js';
import { isPebbleInstalled } from '../support/pebble-program.js';
import { describeUnless } from '../support/requires.js';
import { until } from '../support/until.js';
import { say } from './fault-run.js';

const FIRST = 'secrets.first.test';
const JSON_BODY = { 'content-type': 'application/json' };
/** Of an order; see DomainScene.letPass(). */
const LEASE = 700;
const RACERS = 20;
/** What a loop logs that does not understand the schema or what the other program wrote. */
const FAULT = /"level":"(error|fatal)"|round failed|does not open|is not prepared/;

const missing = isPebbleInstalled() ? noOldProgram : "Debian's package pebble is not installed";

// The programs themselves, on one database: what test/integration/database/upgrade.spec.ts cannot see of a schema.
describeUnless(missing, 'the last release and this program on one database', () => {
  let program: OldProgram;
  let scene: DomainScene;
  let old: GatewayProcess;
  let now: GatewayProcess;
  let auth: string;
  let firstKey: string;
  let firstId: string;
  const email = 'owner@customer.test';

  const at = async (gateway: GatewayProcess, request: Call, host = REGION_HOST): Promise<Answer> =>
    call(await scene.target(host, gateway), request);
  const bothWays = (): readonly (readonly [GatewayProcess, GatewayProcess])[] => [
    [old, now],
    [now, old],
  ];
  const share = async (
    gateway: GatewayProcess,
    fields: Readonly<Record<string, string>> = {},
    as?: string,
  ): Promise<{ secret_key: string; metadata_key: string }> => {
    const answer = await at(gateway, {
      path: '/api/v1/share',
      body: { secret: 'a message', ...fields },
      ...(as !== undefined && { auth: as }),
    });
    expect(answer.status).toBe(200);
    return answer.json();
  };
  const reveal = (gateway: GatewayProcess, key: string, body = {}, host = REGION_HOST) =>
    at(gateway, { method: 'POST', path: `/api/v1/secret/${key}`, body }, host);
  const domainsAt = async (gateway: GatewayProcess): Promise<DomainClient> => {
    const target = await scene.target(REGION_HOST, gateway);
    return new DomainClient(() => target, auth);
  };
  /** Claims and proves a name at one of them. */
  async function add(gateway: GatewayProcess, name: string, verifier = gateway): Promise<string> {
    const claimed = await (await domainsAt(gateway)).claim(name);
    for (const { fqdn, type, desired } of recordsToMake(claimed)) {
      const [value = ''] = desired;
      if (type === 'TXT') await scene.dns.addTxt(fqdn, value);
      else if (type === 'CNAME') await scene.dns.setCname(fqdn, value);
    }
    if (claimed.routing.target !== null)
      await scene.dns.setA(claimed.routing.target, ['127.0.0.1']);
    const { ownership } = await (await domainsAt(verifier)).verify(claimed.id);
    expect(ownership.state).toBe('verified');
    return claimed.id;
  }
  /** One order and one certificate, which both serve. */
  async function expectServed(id: string, name: string, gateways = [old, now]): Promise<void> {
    for (const gateway of gateways) {
      await (await domainsAt(gateway)).serving(id);
      await until('it shows the certificate', async () => {
        const serial = await scene.servedSerial(name, gateway).catch(() => null);
        return serial === (await scene.certificatesOf(name)).at(-1)?.serial;
      });
      expect((await at(gateway, { path: '/api/v1/status' }, name)).status).toBe(200);
    }
    expect(scene.done(name, 'finalize')).toBe(1);
    expect(await scene.certificatesOf(name)).toHaveLength(1);
  }

  beforeAll(async () => {
    program = await OldProgram.build();
    say(`the last release is ${program.commit}`);
    scene = await DomainScene.open();
    old = await scene.startGateway({}, program.dist);
    ({ auth } = await old.account('eu', email, 'identity_plus'));
    firstKey = (await share(old, {}, auth)).secret_key;
    firstId = await add(old, FIRST);
    await expectServed(firstId, FIRST, [old]);
    // Migrates, while the old one serves.
    now = await scene.startGateway();
  }, 600_000);
  afterAll(async () => {
    await scene?.stop();
    program?.remove();
  });

  it('serves what there was: a secret, an account and its token, a domain and its certificate', async () => {
    expect((await reveal(now, firstKey)).json()).toMatchObject({ value: 'a message' });
    expect((await reveal(old, firstKey)).status).toBe(404);
    await expectServed(firstId, FIRST);
  });

  it('opens what the other one has made, once', async () => {
    for (const [maker, opener] of bothWays()) {
      const plain = await share(maker);
      const locked = await share(maker, { passphrase: 'open sesame' }, auth);
      const generated = await at(maker, { method: 'POST', path: '/api/v1/generate', body: {} });
      const concealed = await at(maker, {
        method: 'POST',
        path: '/api/v2/secret/conceal',
        headers: JSON_BODY,
        body: JSON.stringify({ secret: { secret: 'a message' } }),
      });
      const onDomain = await call(await scene.target(FIRST, maker), {
        path: '/api/v1/share',
        body: { secret: 'a message' },
        auth,
      });
      expect((await reveal(opener, locked.secret_key, { passphrase: 'wrong' })).status).toBe(404);
      for (const [key, body, host] of [
        [plain.secret_key, {}, REGION_HOST],
        [locked.secret_key, { passphrase: 'open sesame' }, REGION_HOST],
        [String(generated.json()['secret_key']), {}, REGION_HOST],
        [
          concealed.json<{ record: { secret: { key: string } } }>().record.secret.key,
          {},
          REGION_HOST,
        ],
        [String(onDomain.json()['secret_key']), {}, FIRST],
      ] as const) {
        const opened = await reveal(opener, key, body, host);
        expect([opened.status, typeof opened.json()['value']]).toEqual([200, 'string']);
        for (const gateway of [old, now])
          expect((await reveal(gateway, key, body, host)).status).toBe(404);
      }
    }
  });

  it('gives a secret to one of many who ask both', async () => {
    for (const [maker] of bothWays()) {
      const { secret_key: key } = await share(maker);
      const answers = await Promise.all(
        Array.from({ length: RACERS }, (_, index) => reveal(index % 2 === 0 ? old : now, key)),
      );
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    }
  });

  it('shows, lists and burns by the receipts of the other one', async () => {
    for (const [maker, other] of bothWays()) {
      const { metadata_key: receipt } = await share(maker, {}, auth);
      const path = `/api/v1/private/${receipt}`;
      expect((await at(other, { method: 'POST', path, auth })).json()).toMatchObject({
        state: 'new',
      });
      const lists = await Promise.all(
        [maker, other].map(async (gateway) =>
          (await at(gateway, { path: '/api/v1/private/recent', auth })).json<object[]>(),
        ),
      );
      expect(lists[0]?.length).toBeGreaterThan(0);
      expect(lists[1]).toHaveLength(lists[0]?.length ?? 0);
      expect((await at(other, { method: 'POST', path: `${path}/burn`, auth })).status).toBe(200);
      expect((await at(maker, { method: 'POST', path, auth })).json()).toMatchObject({
        state: 'burned',
      });
    }
  });

  it('takes a press whose page came from the other one, once', async () => {
    for (const [shown, pressed] of bothWays()) {
      const { secret_key: key } = await share(shown);
      const send = (request: Call): Promise<Answer> =>
        at(request.body === undefined ? shown : pressed, request);
      const opened = await pressAsPerson(send, { page: `/secret/${key}` });
      expect([opened.status, opened.text.includes('a message')]).toEqual([200, true]);
      const [, style = ''] = /href="(\/style\.css[^"]*)"/.exec(opened.text) ?? [];
      expect((await at(shown, { path: style })).status).toBe(200);
    }
  });

  it('knows the sessions and tokens of the other one, and their end', async () => {
    const session = await insertSession(({ text, values }) => scene.query(text, values), email);
    for (const gateway of [old, now]) {
      const page = await at(gateway, {
        path: '/account',
        headers: { cookie: session['cookie'] },
      });
      expect([page.status, page.text.includes(email)]).toEqual([200, true]);
    }
    for (const [maker, other] of bothWays()) {
      const words = ['account', 'token', 'create', '--region', 'eu', '--email', email];
      const name = maker === old ? 'of the old' : 'of the new';
      const made = await maker.command(...words, '--name', name, '--scopes', 'create', '--json');
      expect([made.code, made.stderr]).toEqual([0, '']);
      const { token } = JSON.parse(made.stdout) as { token: string };
      await share(other, {}, `${email}:${token}`);
      const selected = ['--region', 'eu', '--email', email, '--name', name];
      const revoked = await other.command('account', 'token', 'revoke', ...selected);
      expect([revoked.code, revoked.stderr]).toEqual([0, '']);
      const refused = await at(maker, {
        path: '/api/v1/share',
        body: { secret: 'x' },
        auth: `${email}:${token}`,
      });
      expect(refused.status).not.toBe(200);
    }
  });

  it('sets a domain up with the other one: one claim, one order, one certificate', async () => {
    const names = Array.from({ length: 6 }, (_, index) => `secrets.both-${index}.test`);
    const ids = await Promise.all(
      names.map((name, index) =>
        index % 2 === 0 ? add(old, name, now) : add(now, name, index % 3 === 0 ? old : now),
      ),
    );
    for (const [index, id] of ids.entries()) await expectServed(id, names[index] ?? '');
    await expect(add(old, names[1] ?? '')).rejects.toThrow();
  });

  it('renews by one order, whichever of them ordered before', async () => {
    await until('it is at rest', async () => {
      const [row] = await scene.query<{ atRest: boolean }>(
        `select leased_until is null and ari_poll_at > now() as "atRest" from issuances where hostname = $1`,
        [FIRST],
      );
      return row?.atRest;
    });
    await scene.query(
      `with due as (update issuances set renew_at = now(), next_at = now()
         where hostname = $1 returning hostname)
       insert into domain_changes (hostname) select hostname from due`,
      [FIRST],
    );
    await until('it is renewed', async () => (await scene.certificatesOf(FIRST)).length === 2);
    expect(scene.done(FIRST, 'finalize')).toBe(2);
    for (const gateway of [old, now])
      await until('it is shown', async () => {
        const serial = await scene.servedSerial(FIRST, gateway);
        return serial === (await scene.certificatesOf(FIRST)).at(-1)?.serial;
      });
  });

  it('logs no fault in either', () => {
    for (const gateway of [old, now])
      expect(gateway.logs.split('\n').filter((line) => FAULT.test(line))).toEqual([]);
  });

  it('goes on with the order of the other one, which died', async () => {
    for (const [index, build] of [program.dist, undefined].entries()) {
      const name = `secrets.left-${index}.test`;
      await scene.kill();
      const dying = await scene.startGateway({}, build);
      const held = Promise.withResolvers<void>();
      scene.proxy.onRequest = (kind, _count, { hostname }) =>
        kind === 'finalize' && hostname === name ? held.promise : undefined;
      const id = await add(dying, name);
      await until('the order is at its last step', () =>
        scene.proxy.seen.some((seen) => seen.kind === 'finalize' && seen.hostname === name),
      );
      await scene.kill([dying]);
      scene.proxy.heal();
      held.resolve();
      const heir = await scene.startGateway({}, build === undefined ? program.dist : undefined);
      await scene.letPass(LEASE, name);
      await (await domainsAt(heir)).serving(id);
      expect(await scene.certificatesOf(name)).toHaveLength(1);
      expect(scene.done(name, 'newOrder')).toBe(1);
    }
  });

  it('goes back: the last release starts on the schema of this program, and serves what it has', async () => {
    await scene.kill();
    now = await scene.startGateway();
    const { secret_key: key } = await share(now, {}, auth);
    await scene.kill();
    old = await scene.startGateway({}, program.dist);
    expect((await reveal(old, key)).json()).toMatchObject({ value: 'a message' });
    expect(await scene.servedSerial(FIRST, old)).toBe(
      (await scene.certificatesOf(FIRST)).at(-1)?.serial,
    );
  });
});
