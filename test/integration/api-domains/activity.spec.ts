import { ActivityStore } from '../../../src/accounts/activity/activity.store.js';
import { aName } from '../domains/support.js';
import { DomainApi } from './domain-api.js';

let api: DomainApi;
beforeAll(async () => {
  api = await DomainApi.start();
});
afterAll(() => api.close());

// The callers of this test have no token.
const BY = { network: '127.0.0.0/24' };

it('has the caller and their network in a line for each change of a domain by the API', async () => {
  const ann = await api.signUp();
  const { id } = await api.verified(ann, aName());
  const path = `/${String(id)}`;
  for (const config of ['homepage-config', 'api-config']) {
    await api.send(ann, 'PUT', `${path}/${config}`, { body: { enabled: true } });
    await api.send(ann, 'DELETE', `${path}/${config}`);
  }
  await api.send(ann, 'GET', path);
  await api.send(ann, 'DELETE', path);
  const other = await api.claim(ann, aName());
  await api.send(ann, 'POST', `/${String(other['id'])}/remove`);

  const store = new ActivityStore(api.database.dataSource);
  const page = await store.page(api.accountOf(ann).id, { limit: 100, cursor: null });
  const entries = page.entries.toReversed();
  expect(entries.map(({ action }) => action)).toEqual([
    'domain.claimed',
    'domain.verified',
    ...Array<string>(4).fill('domain.configured'),
    'domain.released',
    'domain.claimed',
    'domain.released',
  ]);
  for (const entry of entries) expect(entry).toMatchObject({ actor: 'browser', ...BY });
});

it('hands the caller on with an upload', async () => {
  const ann = await api.signUp();
  const { id } = await api.verified(ann, aName());
  const body = { private_key: 'a key', chain: 'a chain' };
  await api.send(ann, 'PUT', `/${String(id)}/certificate`, { body });
  await api.send(ann, 'DELETE', `/${String(id)}/certificate`);
  expect(api.certificates.actors).toMatchObject([
    { kind: 'browser', ...BY },
    { kind: 'browser', ...BY },
  ]);
});
