import sharp, { type Sharp, type SharpOptions } from 'sharp';
import { BOUNDARY, DomainApi } from './domain-api.js';

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
  path = `/${String((await api.claim(owner, `images${count}.example.com`))['id'])}/images`;
});

const KINDS = ['logo', 'logo-dark', 'icon'] as const;

function picture(colour: string, width = 120, height = 30): Sharp {
  return sharp({ create: { width, height, channels: 3, background: colour } });
}

/** What a browser sends: the fields of the form, and the file. */
function formWith(file: Buffer, filename = 'picture.png'): Buffer {
  return Buffer.concat([
    Buffer.from(
      `--${BOUNDARY}\r\nContent-Disposition: form-data; name="csrf"\r\n\r\ntoken\r\n` +
        `--${BOUNDARY}\r\nContent-Disposition: form-data; name="image"; filename="${filename}"\r\n` +
        'Content-Type: application/octet-stream\r\n\r\n',
    ),
    file,
    Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
  ]);
}

const upload = (kind: string, file: Buffer, who = owner) =>
  api.page(who, `${path}/${kind}`, formWith(file));

function errorOf(html: string, kind: string): string | undefined {
  return new RegExp(`id="${kind}-error">([^<]+)<`).exec(html)?.[1];
}

describe('the page of the images', () => {
  it.each(KINDS)('takes the %s, shows it, replaces and removes it', async (kind) => {
    const first = await upload(kind, await picture('#112233').png().toBuffer());
    expect([first.status, first.location]).toEqual([303, `/domains${path}?saved=1`]);
    const { html } = await api.page(owner, `${path}?saved=1`);
    expect(html).toContain('Saved.');
    const [, source = ''] =
      new RegExp(`<img src="/domains(${path}/${kind}\\?v=[^"]+)"`).exec(html) ?? [];
    const shown = await api.page(owner, source);
    expect([shown.status, shown.headers]).toEqual([
      200,
      expect.objectContaining({
        'content-type': 'image/png',
        'content-security-policy': "sandbox; default-src 'none'",
        'x-content-type-options': 'nosniff',
        'cache-control': 'private, no-cache',
      }),
    ]);

    await upload(kind, await picture('#445566').webp().toBuffer());
    const replaced = (await api.page(owner, path)).html;
    expect(replaced).toContain(`${path}/${kind}?v=`);
    expect(replaced).not.toContain(source);

    const removed = await api.page(owner, `${path}/${kind}/remove`, {});
    expect([removed.status, removed.location]).toEqual([303, `/domains${path}?saved=1`]);
    expect((await api.page(owner, path)).html).not.toContain('<img');
    expect((await api.page(owner, source)).status).toBe(404);
  });

  const whole = (): Promise<Buffer> => picture('#778899', 400, 400).png().toBuffer();
  const frames = async (): Promise<Buffer> => {
    const raw = { width: 8, height: 16, channels: 3, pageHeight: 8 } as const;
    const pixels = Buffer.alloc(8 * 16 * 3).fill(255, 0, 8 * 8 * 3);
    return sharp(pixels, { raw, pages: -1 } as SharpOptions)
      .webp({ loop: 0, delay: [100, 100] })
      .toBuffer();
  };

  it.each([
    ['no file', async () => Buffer.alloc(0), /No file was chosen/],
    ['an SVG', async () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), /SVG/],
    ['a GIF', () => picture('#000000').gif().toBuffer(), /no PNG, JPEG or WebP/],
    ['a page', async () => Buffer.from('<!doctype html><script>1</script>'), /no PNG/],
    ['a truncated file', async () => (await whole()).subarray(0, 120), /damaged or incomplete/],
    ['an animation', frames, /animated/],
    ['a bomb', () => picture('#000', 9000, 9000).png().toBuffer(), /8 million pixels/],
    ['too many bytes', async () => Buffer.alloc(1_000_001), /more than 1,000,000 bytes/],
  ])('says beside the field why it does not take %s', async (_name, file, words) => {
    await upload('logo', await whole());
    const before = (await api.page(owner, path)).html;
    const answer = await upload('logo', await file());
    expect(answer.status).toBe(400);
    expect(errorOf(answer.html, 'logo')).toMatch(words);
    expect(errorOf(answer.html, 'icon')).toBeUndefined();
    expect(answer.html).toContain('What was there before has stayed.');
    expect((await api.page(owner, path)).html).toBe(before);
  });

  it('has a smaller limit for the icon', async () => {
    const answer = await upload('icon', Buffer.alloc(500_001));
    expect(errorOf(answer.html, 'icon')).toContain('more than 500,000 bytes');
  });

  it('takes a form without the file as one in which none was chosen', async () => {
    for (const body of [{ image: 'text' }, Buffer.from(`--${BOUNDARY}--\r\n`)]) {
      const answer = await api.page(owner, `${path}/logo`, body);
      expect(answer.status).toBe(400);
      expect(errorOf(answer.html, 'logo')).toBeDefined();
    }
  });

  it('is nobody else’s', async () => {
    const stranger = await api.signUp();
    const file = await whole();
    await upload('logo', file);
    for (const answer of [
      await api.page(stranger, path),
      await api.page(stranger, `${path}/logo`),
      await upload('logo', file, stranger),
      await api.page(stranger, `${path}/logo/remove`, {}),
    ])
      expect(answer.status).toBe(404);
    expect((await api.page(owner, `${path}/logo`)).status).toBe(200);
  });

  it('knows no other kinds', async () => {
    const file = await whole();
    for (const kind of ['Logo', 'logo.png', 'banner', '..%2Flogo'])
      expect((await upload(kind, file)).status).toBe(404);
  });

  it('needs a plan with domains, and says so', async () => {
    const lapsed = await api.signUp();
    const { id } = await api.claim(lapsed, `lapsed${count}.example.com`);
    Object.assign(api.accountOf(lapsed), { plan: 'basic' });
    const answer = await api.page(lapsed, `/${String(id)}/images/logo`, formWith(await whole()));
    expect(answer.status).toBe(403);
    expect(errorOf(answer.html, 'logo')).toContain('Your plan has no domains any more');
  });
});
