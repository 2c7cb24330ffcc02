import { deflateSync, crc32 } from 'node:zlib';
import sharp from 'sharp';
import { encodeImage, IMAGE_BYTES_MAX } from './image-codec.js';

const PNG_START = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

type Format = 'png' | 'jpeg' | 'webp';

/** Pixels that do not compress: each is another colour. */
function noise(width: number, height: number) {
  const bytes = Buffer.alloc(width * height * 3);
  let state = 1;
  for (const index of bytes.keys()) {
    state = (state * 48_271) % 2_147_483_647;
    bytes[index] = state & 0xff;
  }
  return sharp(bytes, { raw: { width, height, channels: 3 } });
}

function plain(width: number, height: number, format: Format = 'png'): Promise<Buffer> {
  const background = { r: 20, g: 90, b: 140 };
  return sharp({ create: { width, height, channels: 3, background } })
    .toFormat(format)
    .toBuffer();
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}

/** A small file that says it has very many pixels, all of the same colour. */
function bomb(side: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([1, 0, 0, 0, 0], 8);
  const rows = deflateSync(Buffer.alloc(side * (Math.ceil(side / 8) + 1)));
  return Buffer.concat([
    PNG_START,
    chunk('IHDR', header),
    chunk('IDAT', rows),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Two frames of one pixel. */
const GIF = Buffer.from(
  'R0lGODlhAQABAPAAAP8AAAAAACH5BAAKAAAALAAAAAABAAEAAAICRAEAIfkEAAoAAAAsAAAAAAEAAQAAAgJEAQA7',
  'base64',
);
const SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect width="9" height="9"/></svg>';

async function animatedWebp(): Promise<Buffer> {
  const frames = [
    await plain(8, 8),
    await sharp(await plain(8, 8))
      .negate()
      .png()
      .toBuffer(),
  ];
  return sharp(frames, { join: { animated: true } })
    .webp({ loop: 0 })
    .toBuffer();
}

const refusal = (message: string) =>
  expect.objectContaining({
    code: 'invalid_request',
    field: 'image',
    message: expect.stringContaining(message),
  });

const KIND = 'The image is of another kind. Send a PNG, JPEG or WebP image.';

describe('an image that is refused', () => {
  it.each<[string, () => Buffer | Promise<Buffer>, string]>([
    ['nothing', () => Buffer.alloc(0), 'There is no image'],
    ['an SVG', () => Buffer.from(SVG), KIND],
    ['an SVG with a declaration', () => Buffer.from(`<?xml version="1.0"?>${SVG}`), KIND],
    ['a GIF', () => GIF, KIND],
    ['a TIFF', () => Buffer.from('49492a0008000000000000', 'hex'), KIND],
    ['a PDF', () => Buffer.from('%PDF-1.7\n1 0 obj\n'), KIND],
    ['a page', () => Buffer.from('<!doctype html><script>alert(1)</script>'), KIND],
    ['only the start of a PNG', () => PNG_START, 'damaged or incomplete'],
    ['a PNG of 144 million pixels', () => bomb(12_000), 'more than 8 million pixels'],
    ['an animation', animatedWebp, 'animated'],
    ['a large file', () => Buffer.alloc(IMAGE_BYTES_MAX.logo + 1), 'larger than 1000000 bytes'],
  ])('is %s', async (_name, make, message) => {
    const file = await make();
    await expect(encodeImage('logo', file, 'a')).rejects.toEqual(refusal(message));
    if (file.length <= IMAGE_BYTES_MAX.icon)
      await expect(encodeImage('icon', file, 'a')).rejects.toEqual(refusal(message));
  });

  it.each<Format>(['png', 'jpeg', 'webp'])('is a %s that ends too early', async (format) => {
    const whole = await noise(200, 80).toFormat(format).toBuffer();
    const cut = whole.subarray(0, Math.floor(whole.length / 2));
    await expect(encodeImage('logo', cut, 'a')).rejects.toEqual(refusal('damaged or incomplete'));
  });

  it('leaves the place to the next one', async () => {
    for (let n = 0; n < 5; n++) await expect(encodeImage('logo', GIF, 'a')).rejects.toThrow(KIND);
    await expect(encodeImage('logo', await plain(10, 10), 'a')).resolves.toMatchObject({
      width: 10,
    });
  });
});

describe(`${encodeImage.name} of a logo`, () => {
  it.each<[Format, number, number, number, number]>([
    ['png', 1200, 600, 240, 120],
    ['jpeg', 2000, 200, 960, 96],
    ['webp', 100, 3000, 4, 120],
    ['png', 30, 20, 30, 20],
    ['png', 5000, 1, 960, 1],
  ])('makes a %s of %i x %i a PNG of %i x %i', async (format, width, height, toWidth, toHeight) => {
    const logo = await encodeImage('logo', await plain(width, height, format), 'a');
    expect([logo.width, logo.height]).toEqual([toWidth, toHeight]);
    expect(logo.bytes.subarray(0, 8)).toEqual(PNG_START);
  });

  it('keeps 14 KiB, whatever is in the image', async () => {
    const logo = await encodeImage('logo', await noise(960, 120).jpeg().toBuffer(), 'a');
    expect(logo.bytes.length).toBeLessThanOrEqual(14 * 1024);
    expect(logo.height).toBeGreaterThanOrEqual(40);
  });

  it('keeps nothing but the pixels: no EXIF, no text, nothing behind the end', async () => {
    const marked = await sharp(await plain(60, 30, 'jpeg'))
      .withExif({ IFD0: { Copyright: 'SECRET-EXIF' }, IFD3: { GPSLatitude: '52/1 30/1 0/1' } })
      .jpeg()
      .toBuffer();
    expect(marked.includes('SECRET-EXIF')).toBe(true);
    const polyglot = Buffer.concat([
      marked,
      Buffer.from('<script>alert("tail")</script>PK\u0003\u0004'),
    ]);
    const { bytes } = await encodeImage('logo', polyglot, 'a');
    expect(bytes.includes('SECRET-EXIF')).toBe(false);
    expect(bytes.includes('<script>')).toBe(false);
    expect(bytes.subarray(-8, -4).toString('latin1')).toBe('IEND');
    expect((await sharp(bytes).metadata()).exif).toBeUndefined();
  });

  it('turns an image as its camera says', async () => {
    const lying = await sharp(await plain(60, 30, 'jpeg'))
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    expect(await encodeImage('logo', lying, 'a')).toMatchObject({ width: 30, height: 60 });
  });

  it('keeps what is transparent', async () => {
    const clear = await sharp({
      create: { width: 40, height: 40, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
    })
      .png()
      .toBuffer();
    const { bytes } = await encodeImage('logo', clear, 'a');
    expect((await sharp(bytes).stats()).isOpaque).toBe(false);
  });
});

describe(`${encodeImage.name} of an icon`, () => {
  it('is a square of 180 pixels and one of 32, however the image is shaped', async () => {
    const { bytes, small, width, height } = await encodeImage('icon', await plain(300, 100), 'a');
    expect([width, height]).toEqual([180, 180]);
    expect(await sharp(bytes).metadata()).toMatchObject({ format: 'png', width: 180, height: 180 });
    expect(await sharp(small ?? Buffer.alloc(0)).metadata()).toMatchObject({
      format: 'png',
      width: 32,
      height: 32,
    });
  });
});

describe('images at once', () => {
  it('are read one after the other, and one account keeps nobody out', async () => {
    const file = await noise(900, 900).jpeg().toBuffer();
    const greedy = Array.from({ length: 10 }, () => encodeImage('logo', file, 'greedy'));
    const other = encodeImage('logo', await plain(10, 10), 'other');
    const ends = await Promise.allSettled(greedy);
    expect(ends.filter(({ status }) => status === 'fulfilled').length).toBe(3);
    expect(
      ends.filter((end) => end.status === 'rejected' && end.reason.code === 'busy').length,
    ).toBe(7);
    await expect(other).resolves.toMatchObject({ width: 10 });
  });
});
