import sharp from 'sharp';
import { DomainApi, type Json } from './domain-api.js';

let api: DomainApi;
let owner: string;
let path: string;

beforeAll(async () => {
  api = await DomainApi.start();
  owner = await api.signUp();
});
afterAll(() => api.close());
beforeEach(async () => {
  const name = `b${String(performance.now()).replace('.', '')}.example.com`;
  path = `/${String((await api.claim(owner, name))['id'])}`;
});

const put = (brand: Json, who = owner) =>
  api.send(who, 'PUT', `${path}/brand`, { body: { brand } });
const get = async (): Promise<Json> => (await api.send(owner, 'GET', `${path}/brand`)).record();
const eventsOf = async (): Promise<unknown[]> =>
  (await api.send(owner, 'GET', `${path}/events`))
    .records()
    .filter(({ type }) => type === 'configured')
    .map(({ detail }) => (detail as Json)['brand']);

describe('the brand of a domain', () => {
  it('has nothing at first, and every field', async () => {
    const record = await get();
    expect(new Set(Object.values(record))).toEqual(new Set([null, false]));
    expect(Object.keys(record)).toEqual(
      expect.arrayContaining([
        'product_name',
        'primary_color',
        'logo_url',
        'closed_text',
        'locale',
      ]),
    );
  });

  it('keeps what is set, in one form, until null removes it', async () => {
    const set = await put({
      product_name: '  Acme\u0301 Vault ',
      primary_color: '#a14',
      corner_style: 'pill',
      border_radius: '12',
      footer_text: 'One\r\nTwo',
      locale: 'fr_FR',
      languages: ['nl', 'fr'],
      support_email: 'help@acme.example',
      notify_enabled: true,
      button_text_light: null,
    });
    expect([set.status, set.record()]).toEqual([
      200,
      expect.objectContaining({
        product_name: 'Acmé Vault',
        primary_color: '#AA1144',
        border_radius: 12,
        footer_text: 'One\nTwo',
        locale: 'fr',
        languages: ['fr', 'nl'],
        notify_enabled: true,
      }),
    ]);
    expect(await get()).toEqual(set.record());
    const less = await put({ product_name: null, footer_text: '', languages: null });
    expect(less.record()).toMatchObject({
      product_name: null,
      footer_text: null,
      languages: null,
      primary_color: '#AA1144',
    });
    expect(await eventsOf()).toEqual([
      expect.arrayContaining(['product_name', 'footer_text', 'languages']),
      expect.arrayContaining(['product_name', 'primary_color', 'corner_style']),
    ]);
  });

  it('may be sent back as it was read, which changes nothing', async () => {
    await put({ product_name: 'Acme', primary_color: '#7A1F5C' });
    const record = await get();
    const again = await put(record);
    expect([again.status, again.record()]).toEqual([200, record]);
    expect(await eventsOf()).toHaveLength(1);
  });

  it('sets what the policy has too', async () => {
    await put({ default_ttl: 3600, passphrase_required: true });
    const policy = await api.send(owner, 'GET', `${path}/policy`);
    expect(policy.record()).toMatchObject({ default_ttl: 3600, passphrase_required: true });
    await put({ passphrase_required: null });
    expect(await get()).toMatchObject({ default_ttl: 3600, passphrase_required: false });
  });

  it.each([
    ['primary_color', '#FFD400'],
    ['text_color', '#BBBBBB'],
    ['background_color', '#777777'],
  ])(
    'with a %s that cannot be read is refused, with the nearest that can',
    async (field, colour) => {
      const refused = await put({ product_name: 'Lost', [field]: colour });
      expect([refused.status, refused.json()]).toEqual([
        422,
        expect.objectContaining({
          field: `brand.${field}`,
          code: 'CONTRAST',
          suggestion: expect.stringMatching(/^#[0-9A-F]{6}$/),
        }),
      ]);
      expect(await get()).toMatchObject({ product_name: null, [field]: null });
      const { suggestion } = refused.json();
      expect((await put({ [field]: suggestion as string })).status).toBe(200);
    },
  );

  it('is checked with the colours that are there already', async () => {
    expect((await put({ background_color: '#101418' })).status).toBe(200);
    expect((await put({ primary_color: '#7A1F5C' })).json()).toMatchObject({
      field: 'brand.primary_color',
      code: 'CONTRAST',
    });
    expect((await put({ primary_color: '#7A1F5C', background_color: null })).status).toBe(200);
  });

  it.each([
    [{ primary_color: 'red' }, 'brand.primary_color'],
    [{ primary_color: '#12345' }, 'brand.primary_color'],
    [{ primary_color: 5 }, 'brand.primary_color'],
    [{ product_name: 'x'.repeat(61) }, 'brand.product_name'],
    [{ product_name: 'two\nlines' }, 'brand.product_name'],
    [{ product_name: 'turned \u202Eround' }, 'brand.product_name'],
    [{ footer_text: 'nul \u0000' }, 'brand.footer_text'],
    [{ closed_text: 'x'.repeat(501) }, 'brand.closed_text'],
    [{ support_email: 'nobody' }, 'brand.support_email'],
    [{ font_family: 'Comic Sans' }, 'brand.font_family'],
    [{ border_radius: 65 }, 'brand.border_radius'],
    [{ corner_style: 'round' }, 'brand.corner_style'],
    [{ locale: 'tlh' }, 'brand.locale'],
    [{ languages: [] }, 'brand.languages'],
    [{ languages: ['de'], locale: 'fr' }, 'brand.locale'],
    [{ button_text_light: 'yes' }, 'brand.button_text_light'],
    [{ logo_url: 'https://elsewhere.example/logo.png' }, 'brand.logo_url'],
    [{ default_ttl: -1 }, 'brand.default_ttl'],
    [{ primary_colour: '#123456' }, 'brand'],
  ] as [Json, string][])('refuses %j', async (brand, field) => {
    const refused = await put({ description: 'Lost', ...brand });
    expect([refused.status, refused.json()]).toEqual([422, expect.objectContaining({ field })]);
    expect(await get()).toMatchObject({ description: null });
  });

  it('loses none of two changes at once', async () => {
    await Promise.all([put({ product_name: 'Acme' }), put({ description: 'Beside it' })]);
    expect(await get()).toMatchObject({ product_name: 'Acme', description: 'Beside it' });
  });

  it('loses neither a change nor an image that comes at the same time', async () => {
    const image = sharp({ create: { width: 9, height: 9, channels: 3, background: '#123456' } });
    const raw = await image.png().toBuffer();
    for (const product_name of ['One', 'Two', 'Three']) {
      const upload = { raw, headers: { 'content-type': 'image/png' } };
      await Promise.all([
        put({ product_name }),
        api.send(owner, 'PUT', `${path}/logo`, upload),
        api.send(owner, 'PUT', `${path}/icon`, upload),
      ]);
      expect(await get()).toMatchObject({
        product_name,
        logo_url: expect.stringContaining('/brand/logo-'),
        favicon_url: expect.stringContaining('/brand/icon-'),
      });
      await Promise.all([
        put({ product_name: null }),
        api.send(owner, 'DELETE', `${path}/logo`),
        api.send(owner, 'DELETE', `${path}/icon`),
      ]);
      expect(await get()).toMatchObject({ product_name: null, logo_url: null, favicon_url: null });
    }
  });

  it('is another account’s business', async () => {
    const stranger = await api.signUp();
    expect((await put({ product_name: 'Mine' }, stranger)).status).toBe(404);
    expect((await api.send(stranger, 'GET', `${path}/brand`)).status).toBe(404);
  });
});
