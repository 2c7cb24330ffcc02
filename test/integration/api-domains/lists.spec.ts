import { aName } from '../domains/support.js';
import { DomainApi, pathOf } from './domain-api.js';

let api: DomainApi;
let ann: string;

beforeAll(async () => {
  api = await DomainApi.start();
  ann = await api.signUp();
});
afterAll(() => api.close());

describe('the list', () => {
  it('has pages, newest first, without repetition', async () => {
    const eve = await api.signUp();
    const names = [aName(), aName(), aName(), aName(), aName()];
    for (const name of names) await api.claim(eve, name);
    const seen: unknown[] = [];
    let cursor: unknown = '';
    for (let pages = 0; pages < 3; pages += 1) {
      const query = cursor === '' ? '' : `&cursor=${encodeURIComponent(String(cursor))}`;
      const page = await api.send(eve, 'GET', `?limit=2${query}`);
      expect(page.json()).toMatchObject({ count: 5, details: { cluster: { type: 'gateway' } } });
      seen.push(...page.records().map(({ hostname }) => hostname));
      cursor = page.json()['next_cursor'];
    }
    expect(seen).toEqual(names.toReversed());
    expect(cursor).toBeNull();
  });

  it('is filtered by the state of ownership', async () => {
    const eve = await api.signUp();
    await api.claim(eve, aName());
    const { hostname } = await api.verified(eve, aName());
    const page = await api.send(eve, 'GET', '?state=verified');
    expect(page.records().map((record) => record['hostname'])).toEqual([hostname]);
    expect((await api.send(eve, 'GET', '?state=lapsed')).records()).toEqual([]);
  });

  it.each([
    ['limit', '?limit=0'],
    ['limit', '?limit=101'],
    ['limit', '?limit=x'],
    ['cursor', '?cursor=x'],
    ['cursor', `?cursor=${Buffer.from('["2026-13-41 00:00:00+00","x"]').toString('base64url')}`],
    ['cursor', '?cursor=a&cursor=b'],
    ['state', '?state=nice'],
  ])('refuses a bad %s: %s', async (field, query) => {
    const answer = await api.send(ann, 'GET', query);
    expect(answer.status).toBe(422);
    expect(answer.json()).toMatchObject({ error_type: 'ValidationFailed', field });
  });
});

describe('the timeline', () => {
  it('has pages, newest first', async () => {
    const own = await api.verified(ann, aName());
    const all = await api.send(ann, 'GET', pathOf(own, '/events'));
    const types = all.records().map(({ type }) => type);
    expect(types).toEqual(expect.arrayContaining(['claimed', 'verified']));
    expect(all.records()[0]).toEqual({
      id: expect.any(String),
      at: expect.stringMatching(/^\d{4}-.*Z$/),
      axis: expect.any(String),
      type: expect.any(String),
      detail: expect.any(Object),
    });
    const first = await api.send(ann, 'GET', pathOf(own, '/events?limit=1'));
    const { next_cursor: cursor } = first.json();
    const rest = await api.send(ann, 'GET', pathOf(own, `/events?cursor=${String(cursor)}`));
    expect([...first.records(), ...rest.records()]).toEqual(all.records());
    const bad = await api.send(ann, 'GET', pathOf(own, '/events?cursor=99x'));
    expect([bad.status, bad.json()['field']]).toEqual([422, 'cursor']);
  });
});
