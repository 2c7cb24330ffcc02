import { jest } from '@jest/globals';
import { CertificateStore } from '../../../src/certificates/stores/certificate.store.js';
import { KeyVault } from '../../../src/certificates/key-vault.js';
import { HostServers } from '../../../src/certificates/contexts/host-server.js';
import { StoredContexts } from '../../../src/certificates/contexts/stored-contexts.js';
import type { CellConfig } from '../../../src/config/cell-config.js';
import type { ChangeFeed, ChangeListener } from '../../../src/database/change-feed.js';
import { poolOf } from '../../../src/database/statements.js';
import { DAY } from '../../../src/shared/durations.js';
import type { ServedCertificateRow } from '../../../src/domains/serving/served-domain.js';
import { requireHostname, type Hostname } from '../../../src/shared/hostname.js';
import { onBehalfOf } from '../../../src/shared/requester.js';
import { IssuanceStore } from '../../../src/certificates/stores/issuance.store.js';
import { LogLines } from '../../support/log-lines.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { CountedStatements } from '../secrets/support.js';
import { openTestAuthority, type TestAuthority } from './test-authority.js';
import { Registry } from 'prom-client';
import { UnopenedCiphertexts } from '../../../src/shared/unopened-ciphertexts.js';

const NAME = requireHostname('secrets.acme.example');
const OTHER = requireHostname('other.acme.example');

describe('StoredContexts', () => {
  let authority: TestAuthority;
  let database: TestDatabase;
  let statements: CountedStatements;
  let certificates: CertificateStore;
  let contexts: StoredContexts;
  let tell: ChangeListener;
  let lines: LogLines;
  beforeEach(async () => {
    [authority, database] = await Promise.all([openTestAuthority(), openTestDatabase()]);
    statements = new CountedStatements(database.dataSource);
    const rootKeys = [{ version: 1, bytes: Buffer.alloc(32, 'k') }];
    const vault = new KeyVault(
      { rootKeys, region: 'eu' } as unknown as CellConfig,
      new UnopenedCiphertexts(new Registry()),
    );
    lines = new LogLines();
    certificates = lines.capture(
      () => new CertificateStore(statements, database.dataSource, vault),
    );
    const feed = { on: (listener: ChangeListener) => (tell = listener) } as unknown as ChangeFeed;
    contexts = new StoredContexts(certificates, authority.clock, new HostServers(), feed);
  });
  afterEach(async () => {
    await database.close();
    await authority.remove();
  });

  const promote = async (hostname: Hostname) => {
    const [lease] = await database.dataSource.query<{ fence: string }[]>(
      `insert into issuances as i (hostname, registrable_domain) values ($1, 'acme.example')
       on conflict (hostname) do update set fence = i.fence + 1 returning fence`,
      [hostname],
    );
    await certificates.promote(
      { hostname, fence: lease?.fence ?? '' },
      {
        issued: await authority.authority.issue(hostname),
        source: 'local',
        ca: 'local',
        profile: null,
        renewAt: null,
        urgentAt: null,
        hasAri: false,
      },
    );
  };
  const destroy = () =>
    database.dataSource.query(
      'update certificates set superseded_at = now(), destroyed_at = now(), sealed_private_key = null',
    );

  it('reads a name with one query for concurrent calls, and with none afterwards', async () => {
    await promote(NAME);
    const found = await Promise.all(Array.from({ length: 20 }, async () => contexts.find(NAME)));
    expect(new Set(found).size).toBe(1);
    expect(found[0]).not.toBeNull();
    expect(contexts.find(NAME)).toBe(found[0]);
    expect(statements.ran).toEqual(['certificates_find_current']);
  });

  it('logs each certificate that becomes current', async () => {
    await promote(NAME);
    await promote(NAME);
    const fields = { level: 'info', hostname: NAME, ca: 'local', notAfter: expect.any(String) };
    expect(lines.all).toMatchObject([
      { ...fields, version: 1, msg: 'certificate issued' },
      { ...fields, version: 2, msg: 'certificate renewed' },
    ]);
  });

  it('logs a failed attempt as a warning, with its problem and the error', async () => {
    const store = lines.capture(() => new IssuanceStore(statements, database.dataSource));
    await promote(NAME);
    const [row] = await database.dataSource.query<{ fence: string }[]>(
      'select fence from issuances where hostname = $1',
      [NAME],
    );
    const lease = { hostname: NAME, fence: row?.fence ?? '' };
    const event = { type: 'failed', detail: { type: 'dns' }, err: new Error('no answer') };
    await store.release(lease, {}, { inSeconds: 60 }, event);
    expect(lines.all.at(-1)).toMatchObject({
      level: 'warn',
      hostname: NAME,
      event: 'failed',
      detail: { type: 'dns' },
      err: { message: 'no answer' },
      msg: 'certificate event',
    });
  });

  describe('the certificate that came with the look-up of its name', () => {
    const row = async (): Promise<ServedCertificateRow> => {
      const [found] = await database.dataSource.query<ServedCertificateRow[]>(
        `select version, chain_pem as "chainPem", sealed_private_key as sealed,
           key_version as "keyVersion", not_after as "notAfter"
         from certificates where hostname = $1 and superseded_at is null`,
        [NAME],
      );
      return found!;
    };

    it('needs no query', async () => {
      await promote(NAME);
      contexts.offer(NAME, await row());
      expect(await contexts.find(NAME)).not.toBeNull();
      expect(statements.ran).toEqual([]);
    });

    it('is used once, and not after a change was announced', async () => {
      await promote(NAME);
      const old = await row();
      await promote(NAME);
      contexts.offer(NAME, old);
      tell(NAME);
      await contexts.find(NAME);
      expect(statements.ran).toEqual(['certificates_find_current']);
      contexts.offer(NAME, old);
      tell(null);
      await contexts.find(NAME);
      expect(statements.ran).toHaveLength(2);
    });

    it('changes nothing for a name in memory', async () => {
      await promote(NAME);
      const found = await contexts.find(NAME);
      contexts.offer(NAME, { ...(await row()), sealed: null });
      expect(contexts.find(NAME)).toBe(found);
    });
  });

  it('builds one context in a turn of the event loop, however many names are asked for at once', async () => {
    const names = Array.from({ length: 20 }, (_, n) => requireHostname(`n${n}.acme.example`));
    const { chainPem, privateKeyPem } = await authority.authority.issue(NAME);
    const notAfter = new Date(authority.clock.now().getTime() + DAY);
    jest.spyOn(certificates, 'open').mockResolvedValue({ chainPem, privateKeyPem, notAfter });
    let turns = 0;
    let mostInATurn = 0;
    let builtInTurn = 0;
    const count = (): void => {
      mostInATurn = Math.max(mostInATurn, builtInTurn);
      builtInTurn = 0;
      turns += 1;
    };
    let isDone = false;
    const turning = (): void => {
      count();
      if (!isDone) setImmediate(turning);
    };
    setImmediate(turning);
    const found = names.map(async (name) => {
      contexts.offer(name, {} as ServedCertificateRow);
      await contexts.find(name);
      builtInTurn += 1;
    });
    await Promise.all(found);
    isDone = true;
    expect(mostInATurn).toBe(1);
    expect(turns).toBeGreaterThanOrEqual(names.length);
  });

  it('caches that a name has no certificate until one is announced', async () => {
    expect(await contexts.find(NAME)).toBeNull();
    expect(contexts.find(NAME)).toBeNull();
    expect(statements.ran).toHaveLength(1);
    await promote(NAME);
    tell(NAME);
    expect(await contexts.find(NAME)).not.toBeNull();
  });

  it('serves an announced new certificate at once, and none after its key is destroyed', async () => {
    await promote(NAME);
    const old = await contexts.find(NAME);
    await promote(NAME);
    tell(NAME);
    const renewed = await contexts.find(NAME);
    expect(renewed).not.toBe(old);
    await destroy();
    tell(NAME);
    expect(await contexts.find(NAME)).toBeNull();
  });

  it('reads everything again after the connection was lost', async () => {
    await promote(NAME);
    await contexts.find(NAME);
    await destroy();
    tell(null);
    expect(await contexts.find(NAME)).toBeNull();
  });

  it('serves from memory while others take every connection', async () => {
    await promote(NAME);
    const context = await contexts.find(NAME);
    const held = await onBehalfOf('a flood', () =>
      Promise.all(Array.from({ length: 10 }, () => poolOf(database.dataSource).connect())),
    );
    tell(NAME);
    expect(await contexts.find(NAME)).toBe(context);
    for (const client of held) client.release();
  });

  it('serves from memory while the database is unreachable, until the certificate expires', async () => {
    await promote(NAME);
    const context = await contexts.find(NAME);
    await database.dataSource.destroy();
    expect(contexts.find(NAME)).toBe(context);
    tell(NAME);
    tell(null);
    expect(await contexts.find(NAME)).toBe(context);
    await expect(contexts.find(OTHER)).rejects.toMatchObject({ code: 'unavailable' });
    authority.clock.forward(91 * DAY);
    await expect(contexts.find(NAME)).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('does not serve an expired certificate', async () => {
    await promote(NAME);
    await contexts.find(NAME);
    authority.clock.forward(91 * DAY);
    expect(await contexts.find(NAME)).toBeNull();
  });
});
