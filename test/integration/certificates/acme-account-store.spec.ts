import type { AcmeCa } from '../../../src/acme/acme-ca.js';
import { AcmeAccountStore } from '../../../src/certificates/issuers/acme-account.store.js';
import { Statements } from '../../../src/database/statements.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';

const KEY = { sealed: Buffer.from('sealed'), keyVersion: 1 };

let database: TestDatabase;
let store: AcmeAccountStore;
beforeAll(async () => {
  database = await openTestDatabase();
  store = new AcmeAccountStore(new Statements(database.dataSource), database.dataSource);
});
afterAll(() => database.close());

const caAt = (directoryUrl: string) => ({ name: 'ca', directoryUrl }) as AcmeCa;

it('what a CA offers is not taken for an offer of the one that takes its name', async () => {
  const before = caAt('https://one.test/directory');
  await store.keepKey(before, KEY);
  await store.noteOffers(before, ['dns-01', 'http-01']);
  await store.keepKey(before, KEY);
  expect((await store.find(before))?.offers).toEqual(['dns-01', 'http-01']);
  const after = caAt('https://two.test/directory');
  await store.keepKey(after, KEY);
  expect((await store.find(after))?.offers).toEqual([]);
  await store.noteOffers(before, ['http-01']);
  expect((await store.find(after))?.offers).toEqual([]);
});
