import sharp from 'sharp';
import { brandImages, tabIconPath } from '../../../src/brand/images/brand-images.js';
import type { DomainLook } from '../../../src/domains/domain-look.js';
import { TENANT } from '../../fakes/sample-values.js';
import { CUSTOM_HOST, DomainApi, type Json } from './domain-api.js';

let api: DomainApi;
let owner: string;
let path: string;
let id: string;

beforeAll(async () => {
  api = await DomainApi.start();
  owner = await api.signUp();
});
afterAll(() => api.close());
beforeEach(async () => {
  const name = `i${String(performance.now()).replace('.', '')}.example.com`;
  path = `/${String((await api.claim(owner, name))['id'])}`;
  const [row] = await query<{ id: string }>('select id from domains where extid = $1', [
    path.slice(1),
  ]);
  id = row?.id ?? '';
  api.customDomainId = id;
});

function query<Row>(text: string, values: unknown[]): Promise<Row[]> {
  return api.database.dataSource.query<Row[]>(text, values);
}

function png(colour: string, width = 80, height = 20): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: colour } })
    .png()
    .toBuffer();
}

async function send(
  method: 'PUT' | 'POST',
  kind: string,
  raw: Buffer,
  type = 'image/png',
  who = owner,
) {
  return api.send(who, method, `${path}/${kind}`, { raw, headers: { 'content-type': type } });
}

/** As the pages have them. */
async function images() {
  const [row] = await query<{ look: Partial<DomainLook> }>(
    'select look from domains where id = $1',
    [id],
  );
  return brandImages(row?.look.images ?? {});
}

describe('the images of a domain', () => {
  it.each([
    ['logo', 'PUT', 80, 20],
    ['logo', 'POST', 80, 20],
    ['logo-dark', 'PUT', 80, 20],
    ['icon', 'POST', 180, 180],
  ] as const)('the %s is set by %s, shown and removed', async (kind, method, width, height) => {
    const set = await send(method, kind, await png('#123456'));
    expect([set.status, set.record()]).toEqual([
      200,
      {
        encoded: expect.any(String),
        filename: `${kind}.png`,
        content_type: 'image/png',
        width,
        height,
        ratio: width / height,
        bytes: Buffer.from(String(set.record()['encoded']), 'base64').length,
      },
    ]);
    const shown = await api.send(owner, 'GET', `${path}/${kind}`);
    expect(shown.json()).toEqual(set.json());
    expect((await api.send(owner, 'DELETE', `${path}/${kind}`)).status).toBe(200);
    expect((await api.send(owner, 'GET', `${path}/${kind}`)).status).toBe(404);
    expect((await api.send(owner, 'DELETE', `${path}/${kind}`)).status).toBe(200);
  });

  it('are taken from a form with files, as upstream’s clients send them', async () => {
    const form = new FormData();
    form.set(
      'image',
      new Blob([Uint8Array.from(await png('#abcdef'))], { type: 'image/png' }),
      'l.png',
    );
    const request = new Response(form);
    const type = request.headers.get('content-type') ?? '';
    const set = await send('POST', 'logo', Buffer.from(await request.arrayBuffer()), type);
    expect(set.record()).toMatchObject({ width: 80, height: 20 });
  });

  it('write one event for a change, and none for the same again', async () => {
    const logo = await png('#010203');
    await send('PUT', 'logo', logo);
    await send('PUT', 'logo', logo);
    await api.send(owner, 'DELETE', `${path}/logo`);
    await api.send(owner, 'DELETE', `${path}/logo`);
    const events = await api.send(owner, 'GET', `${path}/events`);
    const changes = events.records().filter(({ type }) => type === 'configured');
    expect(changes.map(({ detail }) => detail)).toEqual([{ logo: 'removed' }, { logo: 'changed' }]);
    const announced = await query<{ count: number }>(
      'select count(*)::int as count from domain_changes c join domains d using (hostname) where d.id = $1',
      [id],
    );
    expect(announced[0]?.count).toBeGreaterThanOrEqual(2);
  });

  it.each([
    ['an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'image/svg+xml'],
    ['no image', Buffer.from('{"image":"x"}'), 'application/json'],
    ['nothing', Buffer.alloc(0), 'image/png'],
  ])('leave what is there when %s is sent', async (_name, raw, type) => {
    const set = await send('PUT', 'logo', await png('#00ff00'));
    const refused = await send('PUT', 'logo', raw, type);
    expect([refused.status, refused.json()]).toEqual([
      422,
      expect.objectContaining({ field: 'image' }),
    ]);
    expect((await api.send(owner, 'GET', `${path}/logo`)).json()).toEqual(set.json());
  });

  it('are the owner’s: for another account there is no such domain', async () => {
    const stranger = await api.signUp();
    const set = await send('PUT', 'logo', await png('#000000'), 'image/png', stranger);
    const shown = await api.send(stranger, 'GET', `${path}/logo`);
    const removed = await api.send(stranger, 'DELETE', `${path}/logo`);
    for (const answer of [set, shown, removed])
      expect([answer.status, answer.json()]).toEqual([
        404,
        expect.objectContaining({ error: 'Domain not found' }),
      ]);
    expect(await images()).toEqual({ logo: null, logoDark: null, icon: null });
  });

  it('need a plan with domains', async () => {
    const basic = await api.signUp('basic');
    const set = await send('PUT', 'logo', await png('#000000'), 'image/png', basic);
    expect(set.status).toBe(403);
  });
});

describe('an image on the domain itself', () => {
  const HARDENED = {
    'content-type': 'image/png',
    'content-security-policy': "sandbox; default-src 'none'",
    'x-content-type-options': 'nosniff',
  };

  function bytesOf(record: Json): Buffer {
    return Buffer.from(String(record['encoded']), 'base64');
  }

  it('is at a path with its version, which browsers keep', async () => {
    const set = await send('PUT', 'logo', await png('#aa0000'));
    const first = (await images()).logo;
    const file = await api.file(CUSTOM_HOST, first?.path ?? '');
    expect(file).toMatchObject({
      status: 200,
      headers: { ...HARDENED, 'cache-control': 'public, max-age=31536000, immutable' },
    });
    expect(file.headers['cross-origin-resource-policy']).toBe('same-origin');
    expect(file.bytes).toEqual(bytesOf(set.record()));
    const again = await api.file(CUSTOM_HOST, first?.path ?? '', {
      'if-none-match': String(file.headers['etag']),
    });
    expect([again.status, again.bytes.length]).toEqual([304, 0]);

    await send('PUT', 'logo', await png('#00aa00'));
    const second = (await images()).logo;
    expect(second?.path).not.toBe(first?.path);
    expect((await api.file(CUSTOM_HOST, second?.path ?? '')).status).toBe(200);
  });

  it('is the icon in two sizes', async () => {
    await send('PUT', 'icon', await png('#0000aa'));
    const { icon } = await images();
    if (icon === null) throw new Error('there is no icon');
    for (const [at, size] of [
      [icon.path, 180],
      [tabIconPath(icon), 32],
    ] as const) {
      const { bytes } = await api.file(CUSTOM_HOST, at);
      expect(await sharp(bytes).metadata()).toMatchObject({ width: size, height: size });
    }
  });

  it('is at upstream’s address of the logo too, for mails and other sites', async () => {
    const set = await send('PUT', 'logo', await png('#aaaa00'));
    const file = await api.file(CUSTOM_HOST, `/imagine${path}/logo.png`);
    expect(file).toMatchObject({ status: 200, headers: HARDENED });
    expect(file.headers['cross-origin-resource-policy']).toBe('cross-origin');
    expect(file.bytes).toEqual(bytesOf(set.record()));
    const next = await send('PUT', 'logo', await png('#bbbb00'));
    expect((await api.file(CUSTOM_HOST, `/imagine${path}/logo.png`)).bytes).toEqual(
      bytesOf(next.record()),
    );
  });

  it('is on no other host and by no other id', async () => {
    await send('PUT', 'logo', await png('#aaaaaa'));
    const { logo } = await images();
    const own = logo?.path ?? '';
    const foreign = (await api.claim(owner, `f${path.slice(3)}.example.com`))['id'];
    expect((await api.file(TENANT.hostname, own)).status).toBe(404);
    expect((await api.file(TENANT.hostname, `/imagine${path}/logo.png`)).status).toBe(404);
    expect((await api.file(CUSTOM_HOST, `/imagine/${String(foreign)}/logo.png`)).status).toBe(404);
    for (const name of ['logo.png', 'logo-0000000000000000.png', '..%2F..%2Fetc', 'icon-x.png'])
      expect((await api.file(CUSTOM_HOST, `/brand/${name}`)).status).toBe(404);
    api.customDomainId = '00000000-0000-4000-8000-000000000000';
    expect((await api.file(CUSTOM_HOST, own)).status).toBe(404);
  });
});
