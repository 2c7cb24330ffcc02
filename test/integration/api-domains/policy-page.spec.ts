import { DomainApi } from './domain-api.js';
import { fieldErrorsIn } from './field-errors.js';

let api: DomainApi;
let owner: string;
let path: string;
let count = 0;

beforeAll(async () => {
  api = await DomainApi.start();
  owner = await api.signUp();
});
afterAll(() => api.close());
beforeEach(async () => {
  count += 1;
  path = `/${String((await api.claim(owner, `rules${count}.example.com`))['id'])}/policy`;
});

const policy = async () => (await api.send(owner, 'GET', path)).record();
const open = () => api.page(owner, path);
const save = (form: Record<string, string>, who = owner) => api.page(who, path, form);

const WHOLE = {
  homepage: 'on',
  default_ttl: '3600',
  max_ttl: '86400',
  passphrase_required: 'on',
  passphrase_min_length: '12',
  opens_on_region_host: 'on',
};

describe('the page of the rules', () => {
  it('sets all of the policy, and shows it afterwards', async () => {
    const saved = await save(WHOLE);
    expect([saved.status, saved.location]).toEqual([303, `/domains${path}?saved=1`]);
    expect(await policy()).toMatchObject({
      default_ttl: 3600,
      max_ttl: 86_400,
      passphrase_required: true,
      passphrase_min_length: 12,
      opens_on_region_host: true,
      homepage_enabled: true,
      api_enabled: false,
    });
    const { html } = await api.page(owner, `${path}?saved=1`);
    expect(html).toContain('Saved.');
    expect(html).toMatch(/<option value="86400" selected/);
    expect(html).toMatch(/<option value="3600" selected/);
    expect(html).toMatch(/name="passphrase_min_length"[^>]*value="12"/);
    expect(html.match(/type="checkbox"[^>]* checked/g)).toHaveLength(3);
  });

  it('takes nothing chosen as no demand', async () => {
    await save(WHOLE);
    await save({ default_ttl: '', max_ttl: '', passphrase_min_length: ' ' });
    expect(await policy()).toMatchObject({
      default_ttl: null,
      max_ttl: null,
      passphrase_required: false,
      passphrase_min_length: null,
      opens_on_region_host: false,
      homepage_enabled: false,
    });
  });

  it('shows a time that only the API can set, and keeps it', async () => {
    await api.send(owner, 'PUT', path, { body: { max_ttl: 5400 } });
    const { html } = await open();
    expect(html).toMatch(/<option value="5400" selected[^>]*>90 minutes</);
    await save({ ...WHOLE, max_ttl: '5400' });
    expect(await policy()).toMatchObject({ max_ttl: 5400 });
  });

  it.each([
    [{ default_ttl: '604800', max_ttl: '3600' }, ['default_ttl']],
    [{ passphrase_min_length: '3' }, ['passphrase_min_length']],
    [{ passphrase_min_length: '129' }, ['passphrase_min_length']],
    [{ passphrase_min_length: '12.5' }, ['passphrase_min_length']],
    [{ passphrase_min_length: 'twelve' }, ['passphrase_min_length']],
    [{ max_ttl: '59' }, ['max_ttl']],
    [{ default_ttl: '-1', passphrase_min_length: '1e2' }, ['default_ttl', 'passphrase_min_length']],
    [{ max_ttl: '99999999999999999999' }, ['max_ttl']],
  ])('refuses %j beside the field, stores nothing and loses nothing', async (wrong, fields) => {
    const before = await policy();
    const answer = await save({ ...WHOLE, ...wrong });
    expect(answer.status).toBe(400);
    expect(Object.keys(fieldErrorsIn(answer.html)).sort()).toEqual(fields);
    for (const field of fields)
      expect(answer.html).toMatch(
        new RegExp(`id="${field}"[^>]*aria-invalid="true"[^>]*aria-describedby="${field}-error`),
      );
    expect(answer.html.match(/type="checkbox"[^>]* checked/g)).toHaveLength(3);
    const typed = { ...WHOLE, ...wrong }.passphrase_min_length;
    expect(answer.html).toContain(`value="${typed}"`);
    expect(await policy()).toEqual(before);
  });

  it('escapes what was typed', async () => {
    const answer = await save({ ...WHOLE, passphrase_min_length: '"><script>' });
    expect(answer.status).toBe(400);
    expect(answer.html).not.toContain('"><script>');
  });

  it('is nobody else’s, and needs a form of ours', async () => {
    const stranger = await api.signUp();
    expect((await api.page(stranger, path)).status).toBe(404);
    expect((await save(WHOLE, stranger)).status).toBe(404);
    expect(await policy()).toMatchObject({ max_ttl: null });
  });
});
