import { createHash } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { ChallengeStore } from '../../../src/certificates/stores/challenge.store.js';
import { Statements } from '../../../src/database/statements.js';
import { requireHostname, type Hostname } from '../../../src/shared/hostname.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { aProvenDomain } from './issuance-room.js';

/** RFC 8555 section 8.4. */
const valueOf = (keyAuthorization: string): string =>
  createHash('sha256').update(keyAuthorization).digest('base64url');

describe('the TXT records of dns-01 challenges', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let store: ChallengeStore;
  let names = 0;

  beforeAll(async () => {
    database = await openTestDatabase();
    ({ dataSource } = database);
    store = new ChallengeStore(new Statements(dataSource), dataSource);
  });
  afterAll(() => database.close());

  async function aDomain(): Promise<{ name: Hostname; label: string }> {
    names += 1;
    const name = requireHostname(`s${names}.delegated.example`);
    const id = await aProvenDomain(database, name);
    const [row] = await dataSource.query<{ label: string }[]>(
      'select target_label as label from domains where id = $1',
      [id],
    );
    if (row === undefined) throw new Error('no domain');
    return { name, label: row.label };
  }

  const publish = (name: Hostname, keyAuthorization: string) =>
    store.publish(name, { token: keyAuthorization, type: 'dns-01', keyAuthorization });
  const change = (name: Hostname, set: string) =>
    dataSource.query(`update domains set ${set} where hostname = $1`, [name]);

  it('has all pending values of a name, in the alphabet of RFC 8555', async () => {
    const { name, label } = await aDomain();
    // Many, so that each of the characters that differ from plain base64 occurs.
    const all = Array.from({ length: 8 }, (_, n) => `${label}-${n}.thumbprint`);
    for (const keyAuthorization of all) await publish(name, keyAuthorization);
    const values = await store.findDnsValues(label);
    expect(new Set(values)).toEqual(new Set(all.map(valueOf)));
    expect(values.every((value) => value.length === 43)).toBe(true);
    expect(values.join('')).toMatch(/[-_]/);
  });

  it('answers with eight values at most', async () => {
    const { name, label } = await aDomain();
    for (let n = 0; n < 10; n++) await publish(name, `${label}-many-${n}`);
    expect(await store.findDnsValues(label)).toHaveLength(8);
  });

  it('answers by the label of the proven claim only', async () => {
    const [one, other] = [await aDomain(), await aDomain()];
    await publish(one.name, 'one.thumbprint');
    expect(await store.findDnsValues(one.label)).toEqual([valueOf('one.thumbprint')]);
    expect(await store.findDnsValues(other.label)).toEqual([]);
    expect(await store.findDnsValues('nobodys-label')).toEqual([]);
    // Another account's claim to the same name, which is not proven.
    await dataSource.query(
      `insert into domains (extid, account_id, hostname, display_name, registrable_domain, is_apex, target_label,
         challenge_label, challenge_value)
       values ('rival', gen_random_uuid(), $1, $1, 'delegated.example', false, 'rivals-label', 'x', 'x')`,
      [one.name],
    );
    expect(await store.findDnsValues('rivals-label')).toEqual([]);
  });

  it.each([
    ["ownership = 'lapsed', lapsed_at = now()", 1],
    ["ownership = 'revoked'", 0],
    ["ownership = 'pending'", 0],
    ["ownership = 'conflict'", 0],
    ['removed_at = now()', 0],
  ])('with %s there are %d', async (set, count) => {
    const { name, label } = await aDomain();
    await publish(name, `${label}.thumbprint`);
    await change(name, set);
    expect(await store.findDnsValues(label)).toHaveLength(count);
  });

  it('has neither expired challenges, nor those of other types, nor any after the end of the order', async () => {
    const { name, label } = await aDomain();
    await store.publish(name, { token: `h${label}`, type: 'http-01', keyAuthorization: 'x' });
    expect(await store.findDnsValues(label)).toEqual([]);
    await publish(name, `${label}.thumbprint`);
    await dataSource.query(
      `update acme_challenges set expires_at = now() where hostname = $1 and type = 'dns-01'`,
      [name],
    );
    expect(await store.findDnsValues(label)).toEqual([]);
    await publish(name, `${label}.thumbprint`);
    await store.remove(name);
    expect(await store.findDnsValues(label)).toEqual([]);
  });
});
