import { domainAnswerSchema } from '../../../src/api/domains/domain-answers.js';
import { newTransferAnswerSchema } from '../../../src/api/domains/transfer-answers.js';
import { aName } from '../domains/support.js';
import { pathOf, startWithTwoAccounts, type DomainApi, type Json } from './domain-api.js';

let api: DomainApi;
let ann: string;
let bob: string;
let domain: Json;

beforeAll(async () => {
  ({ api, ann, bob } = await startWithTwoAccounts());
});
afterAll(() => api.close());
beforeEach(async () => {
  domain = await api.verified(ann, aName());
});

const offer = () => api.send(ann, 'POST', pathOf(domain, '/transfer'), { body: {} });
const codeOf = async (): Promise<string> =>
  newTransferAnswerSchema.parse((await offer()).json()).transfer.code;
const accept = (by: string, code: unknown) =>
  api.send(by, 'POST', '/transfers', { body: { code } });

describe('a domain for another account', () => {
  it('is on offer until its code is entered, and the code is in one answer only', async () => {
    expect(domain).toMatchObject({ transfer: null });
    const made = await offer();
    expect(made.status).toBe(201);
    const { code, ...transfer } = newTransferAnswerSchema.parse(made.json()).transfer;
    const shown = await api.send(ann, 'GET', pathOf(domain));
    expect(shown.record()).toMatchObject({ transfer: { ...transfer, state: 'offered' } });
    for (const { text } of [
      shown,
      await api.send(ann, 'GET', ''),
      await api.send(ann, 'GET', pathOf(domain, '/events')),
    ])
      expect(text).not.toContain(code.slice(3));

    const got = await accept(bob, code);
    expect(got.status).toBe(200);
    const { record } = domainAnswerSchema.parse(got.json());
    expect(record).toMatchObject({ id: domain['id'], transfer: null, verified: true });
    expect((await api.send(ann, 'GET', pathOf(domain))).status).toBe(404);
    expect((await accept(bob, code)).status).toBe(200);
  });

  it('says of a pair what goes along and what stays', async () => {
    const apex = aName().split('.').slice(-2).join('.');
    const main = await api.verified(ann, apex);
    await api.send(ann, 'POST', '', { body: { domain: apex, pair: true } });
    domain = main;
    const www = `www.${apex}`;
    const pair = { hostname: www, goes_too: true };
    const made = newTransferAnswerSchema.parse((await offer()).json()).transfer;
    expect(made).toMatchObject({ pair });
    const shown = (await api.send(ann, 'GET', pathOf(main))).record();
    expect(shown).toMatchObject({ transfer: { pair } });
    const page = await api.page(ann, pathOf(main, '/transfer'));
    expect(page.html).toContain(`${www}, which leads here, goes with it`);
    const second = { id: (shown['pair'] as Json)['id'] };
    const other = await api.page(ann, pathOf(second, '/transfer'));
    expect(other.html).toContain(`This name leads to ${apex}. Given away, it does so no more.`);
    const body = { region: 'us' };
    const away = await api.send(ann, 'POST', pathOf(main, '/transfer'), { body });
    expect(away.json()).toMatchObject({ transfer: { pair: { hostname: www, goes_too: false } } });

    const got = domainAnswerSchema.parse((await accept(bob, await codeOf())).json());
    expect(got.record).toMatchObject({ pair: { id: second.id, hostname: www }, role: 'serve' });
    expect((await api.send(ann, 'GET', pathOf(second))).status).toBe(404);
  });

  it('is refused with one answer for every code that gives nothing', async () => {
    const cancelled = await codeOf();
    expect((await api.send(ann, 'DELETE', pathOf(domain, '/transfer'))).status).toBe(200);
    expect((await api.send(ann, 'DELETE', pathOf(domain, '/transfer'))).status).toBe(404);
    const answers = [];
    for (const code of [cancelled, 'eu-0000-0000-0000-0000', '‮'])
      answers.push(await accept(bob, code));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([422]));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    for (const code of [undefined, null, 7, '', 'x'.repeat(101), ['a']])
      expect(await accept(bob, code)).toMatchObject({ status: 422 });
    expect((await accept(ann, await codeOf())).json()).toMatchObject({ code: 'TRANSFER_OWN' });
  });

  it('goes by the pages as well: a code that is shown once, a form that takes it', async () => {
    const page = pathOf(domain, '/transfer');
    const before = await api.page(ann, page);
    expect(before.html).toContain('Make a code');
    const made = await api.page(ann, page, {});
    const [code = ''] = /eu(?:-[0-9a-z]{4}){4}/.exec(made.html) ?? [];
    expect(made.status).toBe(200);
    expect((await api.page(ann, page)).html).not.toContain(code);

    const wrong = await api.page(bob, '/code', { code: 'eu-0000-0000-0000-0000' });
    expect(wrong).toMatchObject({ status: 400 });
    expect(wrong.html).toContain('This code gives no domain');
    const own = await api.page(ann, '/code', { code });
    expect(own.html).toContain('is in your account already');
    const taken = await api.page(bob, '/code', { code });
    expect(taken.location).toBe(`/domains${pathOf(domain)}`);
    expect((await api.page(ann, page)).status).toBe(404);

    await api.page(bob, page, {});
    await api.page(bob, `${page}/cancel`, {});
    expect((await api.page(bob, page)).html).not.toContain('can be used until');
  });
});
