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
  path = `/${String((await api.claim(owner, `brand${count}.example.com`))['id'])}/brand`;
});

const brand = async () => (await api.send(owner, 'GET', path)).record();
const save = (form: Record<string, string>, who = owner) => api.page(who, path, form);
const preview = (form: Record<string, string>, who = owner) =>
  api.page(who, `${path}/preview`, form);

const LANGUAGES = { language_en: 'on', language_de: 'on' };
const WHOLE = {
  ...LANGUAGES,
  product_name: 'Acme Secrets',
  primary_color: '#0a5',
  secondary_color: '#004422',
  background_color: '#F0FFF4',
  text_color: '#112211',
  button_text_light: '',
  corners: 'pill',
  font_family: 'humanist',
  heading_font: 'serif',
  support_email: 'help@acme.example',
  footer_text: 'Acme\r\nLondon',
  description: 'Write to Acme.',
  instructions_pre_reveal: 'Nobody is beside you?',
  instructions_reveal: 'Keep it safe.',
  instructions_post_reveal: 'Now close the page.',
  closed_text: 'Only for our staff.',
  locale: 'de',
};

/** What the previews set. */
function propertiesIn(html: string): readonly Record<string, string>[] {
  const found = html.matchAll(/data-properties="([^"]+)"/g);
  return [...found].map(([, json = '']) => JSON.parse(json.replaceAll('&quot;', '"')));
}

describe('the page of the brand', () => {
  it('stores all of it, as the API has it, and shows it afterwards', async () => {
    const form = { ...WHOLE, primary_color: '#064' };
    const saved = await save(form);
    expect([saved.status, saved.location]).toEqual([303, `/domains${path}?saved=1`]);
    expect(await brand()).toMatchObject({
      product_name: 'Acme Secrets',
      primary_color: '#006644',
      secondary_color: '#004422',
      background_color: '#F0FFF4',
      text_color: '#112211',
      corner_style: 'pill',
      font_family: 'humanist',
      heading_font: 'serif',
      support_email: 'help@acme.example',
      footer_text: 'Acme\nLondon',
      closed_text: 'Only for our staff.',
      locale: 'de',
      languages: ['en', 'de'],
    });
    const { html } = await api.page(owner, `${path}?saved=1`);
    expect(html).toContain('Saved.');
    for (const text of ['Acme Secrets', 'Nobody is beside you?', 'Now close the page.'])
      expect(html).toContain(text);
    expect(html).toMatch(/<option value="pill" selected/);
    expect(html.match(/name="language_\w\w" checked/g)).toHaveLength(2);
    expect(propertiesIn(html)).toEqual([
      expect.objectContaining({ '--action': '#006644', '--ground': '#F0FFF4', '--radius': '24px' }),
      expect.objectContaining({ 'color-scheme': 'dark', '--radius': '24px' }),
    ]);
  });

  it('takes empty fields as nothing set, and leaves what it does not have', async () => {
    await api.send(owner, 'PUT', path, { body: { brand: { product_domain: 'acme.example' } } });
    await save({ ...WHOLE, primary_color: '' });
    const empty = Object.fromEntries(Object.keys(WHOLE).map((name) => [name, '']));
    expect((await save(empty)).status).toBe(303);
    const record = await brand();
    expect(record).toMatchObject({ product_domain: 'acme.example' });
    for (const field of ['product_name', 'text_color', 'corner_style', 'footer_text', 'locale'])
      expect([field, record[field] ?? null]).toEqual([field, null]);
  });

  it.each([
    ['square', 'corner_style', 'square'],
    ['small', 'border_radius', 'sm'],
    ['large', 'border_radius', 'xl'],
    ['37', 'border_radius', 37],
  ])('keeps the corners %s', async (corners, field, value) => {
    await save({ ...LANGUAGES, corners: 'pill' });
    await save({ ...LANGUAGES, corners });
    expect(await brand()).toMatchObject({ [field]: value });
    const { html } = await api.page(owner, path);
    expect(html).toMatch(new RegExp(`<option value="${corners}" selected`));
  });

  it.each([
    [{ primary_color: 'red' }, ['primary_color']],
    [{ primary_color: '#12345' }, ['primary_color']],
    [{ background_color: '#fff;}' }, ['background_color']],
    [{ product_name: 'x'.repeat(61) }, ['product_name']],
    [{ product_name: 'a\u202Eb' }, ['product_name']],
    [{ footer_text: 'x'.repeat(501) }, ['footer_text']],
    [{ description: 'a\u0000b' }, ['description']],
    [{ support_email: 'nobody' }, ['support_email']],
    [{ font_family: 'Comic Sans' }, ['font_family']],
    [{ corners: '65' }, ['corners']],
    [{ button_text_light: 'maybe' }, ['button_text_light']],
    [{ locale: 'fr' }, ['locale']],
    [{ locale: 'xx' }, ['locale']],
    [{ text_color: '?', support_email: '@' }, ['support_email', 'text_color']],
  ])('refuses %j beside the field, stores nothing and loses nothing', async (wrong, fields) => {
    await save({ ...LANGUAGES, product_name: 'Before' });
    const before = await brand();
    const answer = await save({ ...WHOLE, primary_color: '#006644', ...wrong });
    expect(answer.status).toBe(400);
    expect(Object.keys(fieldErrorsIn(answer.html)).sort()).toEqual(fields);
    expect(answer.html).toContain('Nothing was saved.');
    expect(answer.html).toContain('Nobody is beside you?');
    expect(answer.html).not.toContain('<fff');
    expect(await brand()).toEqual(before);
  });

  it('needs a language', async () => {
    const answer = await save({ product_name: 'Acme' });
    expect([answer.status, fieldErrorsIn(answer.html)]).toEqual([
      400,
      { languages: expect.stringContaining('at least one') },
    ]);
  });

  it('shows text as text', async () => {
    const evil = '</textarea><script>alert(1)</script>';
    for (const send of [save, preview]) {
      const form = { ...WHOLE, primary_color: '#006644', product_name: evil, description: evil };
      const { html } = await send(form);
      expect(html.includes('<script>alert')).toBe(false);
    }
    expect((await api.page(owner, path)).html).not.toContain('<script>alert');
  });

  it('is nobody else’s', async () => {
    const stranger = await api.signUp();
    for (const answer of [
      await api.page(stranger, path),
      await save(WHOLE, stranger),
      await preview(WHOLE, stranger),
    ])
      expect(answer.status).toBe(404);
  });

  it('needs a plan with domains, and says so', async () => {
    const lapsed = await api.signUp();
    const { id } = await api.claim(lapsed, `lapsed${count}.example.com`);
    Object.assign(api.accountOf(lapsed), { plan: 'basic' });
    const answer = await api.page(lapsed, `/${String(id)}/brand`, {
      ...LANGUAGES,
      footer_text: 'F',
    });
    expect(answer.status).toBe(400);
    expect(answer.html).toContain('Your plan has no domains any more');
  });
});

describe('a colour that people could not read', () => {
  const PALE = { ...LANGUAGES, primary_color: '#9AD0F5' };

  async function offered(html: string) {
    const [, value = ''] = /name="take" value="([^"]+)"/.exec(html) ?? [];
    return value;
  }

  it('is refused with the nearest one, which one press takes and which is then stored', async () => {
    const refused = await save(PALE);
    expect(refused.status).toBe(400);
    const take = await offered(refused.html);
    const [field, colour] = take.split(' ');
    expect(field).toBe('primary_color');
    expect(fieldErrorsIn(refused.html)['primary_color']).toContain(String(colour));

    const taken = await preview({ ...PALE, take });
    expect(taken.status).toBe(200);
    expect(taken.html).toContain(`name="primary_color" type="text" value="${colour}"`);
    expect(fieldErrorsIn(taken.html)).toEqual({});
    expect(await brand()).not.toHaveProperty('primary_color', colour);

    expect((await save({ ...PALE, primary_color: String(colour) })).status).toBe(303);
    expect(await brand()).toMatchObject({ primary_color: colour });
  });

  it('is named beside each field that has one', async () => {
    const { html } = await save({ ...PALE, background_color: '#FFFFFF', text_color: '#FFFFFE' });
    expect(Object.keys(fieldErrorsIn(html)).sort()).toEqual(['primary_color', 'text_color']);
  });

  it('is shown as the nearest one meanwhile', async () => {
    const { html } = await preview(PALE);
    const colour = (await offered(html)).split(' ')[1];
    expect(propertiesIn(html)[0]).toMatchObject({ '--action': colour });
  });

  it.each([
    'primary_color </style>',
    'nothing #000000',
    'constructor #000000',
    'csrf #000000',
    'primary_color red',
    '',
  ])('takes no %j', async (take) => {
    const answer = await preview({ ...PALE, take });
    expect(answer.status).toBe(200);
    expect(answer.html).not.toContain('</style>');
  });
});

describe('the preview', () => {
  it('stores nothing', async () => {
    const before = await brand();
    const answer = await preview(WHOLE);
    expect(answer.status).toBe(200);
    expect(answer.html).toContain('Acme Secrets');
    expect(await brand()).toEqual(before);
  });

  it('has a stylesheet for browsers without scripts, with nothing that was typed', async () => {
    const { html } = await preview({ ...WHOLE, primary_color: '#006644' });
    const [, href = ''] =
      /<link rel="stylesheet" href="\/domains([^"]+preview\.css[^"]+)"/.exec(html) ?? [];
    const style = await api.page(owner, href.replaceAll('&amp;', '&'));
    expect([style.status, style.headers['content-type']]).toEqual([200, 'text/css; charset=utf-8']);
    expect(style.html).toMatch(
      /^\[data-look="light"\]\{[^}]*--action:#006644[^}]*\}\n\[data-look="dark"\]\{[^}]*\}\n$/,
    );
    const evil = new URLSearchParams({ primary_color: '#fff}body{display:none', corners: '1}' });
    const plain = await api.page(
      owner,
      `${path}/preview.css?${evil.toString()}&__proto__=x&text_color=1&text_color=2`,
    );
    expect(plain.html.match(/[{}]/g)).toHaveLength(4);
    expect(plain.html).not.toContain('body');
  });

  it('shows the owner’s logos by their address on this host', async () => {
    const { html } = await preview(WHOLE);
    expect(html).not.toContain('<img');
  });
});
