import { randomBytes } from 'node:crypto';
import type { CellConfig } from '../../../src/config/cell-config.js';
import type { RootKey } from '../../../src/config/root-key.js';
import { MailRefusals } from '../../../src/mail/mail-refusals.js';
import { UnsubscribeTokens } from '../../../src/mail/unsubscribe-tokens.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';

const [OLD, NEW] = [1, 2].map((version): RootKey => ({ version, bytes: randomBytes(32) }));
const ANN = { list: 'notices', address: 'Ann@example.com' } as const;

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
beforeEach(() => database.dataSource.query('delete from mail_refusals'));
afterAll(() => database.close());

const cell = (rootKeys: readonly (RootKey | undefined)[], region = 'eu') =>
  ({ region, rootKeys }) as unknown as CellConfig;
const refusalsUnder = (...rootKeys: (RootKey | undefined)[]): MailRefusals =>
  new MailRefusals(cell(rootKeys), database.statements);

describe('a refusal', () => {
  it('is of one list and one address, in any letter case, until it is taken back', async () => {
    const refusals = refusalsUnder(OLD);
    expect(await refusals.has(ANN)).toBe(false);
    expect([await refusals.add(ANN), await refusals.add(ANN)]).toEqual([true, false]);
    expect(await refusals.has({ ...ANN, address: ' ann@EXAMPLE.com ' })).toBe(true);
    expect(await refusals.has({ ...ANN, list: 'links' })).toBe(false);
    expect(await refusals.has({ ...ANN, address: 'bob@example.com' })).toBe(false);
    expect([await refusals.remove(ANN), await refusals.remove(ANN)]).toEqual([true, false]);
    expect(await refusals.has(ANN)).toBe(false);
  });

  it('shows no address in the table', async () => {
    await refusalsUnder(OLD).add(ANN);
    const rows = await database.dataSource.query<{ text: string }[]>(
      `select encode(address_hash, 'escape') || created_at as text from mail_refusals`,
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.text.toLowerCase()).not.toMatch(/ann|example/);
  });

  it('outlives its root key once it was looked up under the next, and is taken back as a whole', async () => {
    await refusalsUnder(OLD).add(ANN);
    expect(await refusalsUnder(NEW).has(ANN)).toBe(false);
    expect(await refusalsUnder(NEW, OLD).has(ANN)).toBe(true);
    expect(await refusalsUnder(NEW).has(ANN)).toBe(true);
    await refusalsUnder(NEW, OLD).remove(ANN);
    expect(await refusalsUnder(NEW, OLD).has(ANN)).toBe(false);
  });
});

describe('the token of an unsubscribe link', () => {
  const tokens = new UnsubscribeTokens(cell([NEW, OLD]));
  const long = { list: 'links', address: `${'x'.repeat(60)}@${'y'.repeat(180)}.example` } as const;

  it.each([ANN, long])('says whose and which mails: %j', (subscription) => {
    const token = tokens.tokenFor(subscription);
    expect(token).toMatch(/^[\w-]{40,500}$/);
    expect(tokens.read(token)).toEqual(subscription);
    expect(Buffer.from(token, 'base64url').toString('latin1')).not.toContain('example');
  });

  it('opens under every configured root key, and under no other or for another region', () => {
    const old = new UnsubscribeTokens(cell([OLD])).tokenFor(ANN);
    expect(tokens.read(old)).toEqual(ANN);
    expect(new UnsubscribeTokens(cell([NEW])).read(old)).toBeNull();
    expect(new UnsubscribeTokens(cell([OLD], 'us')).read(old)).toBeNull();
    const other = { version: 1, bytes: randomBytes(32) };
    expect(new UnsubscribeTokens(cell([other])).read(old)).toBeNull();
  });

  it('is refused when a bit of it is changed, and so is every other text', () => {
    const bytes = Buffer.from(tokens.tokenFor(ANN), 'base64url');
    for (let index = 0; index < bytes.length; index += 1) {
      const changed = Buffer.from(bytes);
      changed[index]! ^= 1;
      expect(tokens.read(changed.toString('base64url'))).toBeNull();
    }
    for (const text of ['', 'x', 'x'.repeat(100), 'x'.repeat(5000), '%00', 'A'.repeat(40)])
      expect(tokens.read(text)).toBeNull();
  });
});
