import type { Sharp } from 'sharp';
import type { ImageKind } from '../../domains/domain-look.js';
import { AppError } from '../../shared/app-error.js';
import { SECOND } from '../../shared/durations.js';
import { FairLine } from '../../shared/fair-line.js';
import type { ImageRefusal } from './image-refusal.js';

interface Png {
  readonly bytes: Buffer;
  readonly width: number;
  readonly height: number;
}

/** An image as it is stored and sent: always a PNG. */
export interface EncodedImage extends Png {
  /** Of an icon, in the size of a browser's tab. */
  readonly small: Buffer | null;
}

/** Of an image that is sent to us. */
export const IMAGE_BYTES_MAX = { logo: 1_000_000, icon: 500_000 } as const;
export const PIXELS_MAX = 8_000_000;
const DECODE_SECONDS_MAX = 3;

/** The box of a logo on a page, in CSS pixels; the height is that of style.css. */
const LOGO_BOX = { width: 320, height: 40 } as const;
/** In pixels for each of the box: the sharpest that is small enough is kept. The last one always is. */
const LOGO_SCALES = [3, 2, 1] as const;
/** With the rest of a page, logo and all, below 30 KB. At scale 1 an image has at most a byte for each of its pixels. */
const LOGO_BYTES_MAX = 12 * 1024;
const ICON_SIZE = 180;
const TAB_ICON_SIZE = 32;

const FORMATS = 'Send a PNG, JPEG or WebP image.';

/** Loaded with the first image. For the whole process, whose cells share libvips: nothing but these formats is ever decoded. */
async function loadSharp(): Promise<(typeof import('sharp'))['default']> {
  const { default: sharp } = await import('sharp');
  sharp.cache(false);
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({
    operation: [
      'VipsForeignLoadPngBuffer',
      'VipsForeignLoadJpegBuffer',
      'VipsForeignLoadWebpBuffer',
    ],
  });
  return sharp;
}

let loaded: ReturnType<typeof loadSharp> | undefined;

/** One image at a time in the process: each takes a thread of libuv, and memory for all its pixels. */
const line = new FairLine({
  places: 1,
  lanes: [{ waitingMax: 16, perKeyMax: 2 }],
  waitMaxMs: 10 * SECOND,
  busyMessage: 'Too many images are being read. Please try again.',
});

/**
 * The image as a PNG: a logo of at most 14 KiB, an icon on a transparent square for a phone's home screen. Nothing of the
 * file is kept but its pixels.
 * @param key whose turn it is among those who wait
 * @throws AppError `invalid_request` for what is not one image in a known format, `busy`
 */
export function encodeImage(kind: ImageKind, file: Buffer, key: string): Promise<EncodedImage> {
  return kind === 'icon'
    ? decoded(file, key, IMAGE_BYTES_MAX.icon, encodeIcon)
    : decoded(file, key, IMAGE_BYTES_MAX.logo, encodeLogo);
}

async function encodeLogo(pixels: Sharp): Promise<EncodedImage> {
  const [sharpest, ...others] = LOGO_SCALES;
  let image = await logoAt(pixels, sharpest);
  for (const scale of others)
    if (image.bytes.length > LOGO_BYTES_MAX) image = await logoAt(pixels, scale);
  return { ...image, small: null };
}

async function encodeIcon(pixels: Sharp): Promise<EncodedImage> {
  const image = await squareOf(pixels, ICON_SIZE);
  const { bytes: small } = await squareOf(pixels, TAB_ICON_SIZE);
  return { ...image, small };
}

async function decoded(
  file: Buffer,
  key: string,
  bytesMax: number,
  encode: (pixels: Sharp) => Promise<EncodedImage>,
): Promise<EncodedImage> {
  if (file.length === 0)
    throw refused('IMAGE_MISSING', `There is no image in the request. ${FORMATS}`);
  if (file.length > bytesMax)
    throw refused('IMAGE_TOO_LARGE', `The image is larger than ${bytesMax} bytes.`);
  await line.enter(key);
  try {
    loaded ??= loadSharp();
    const sharp = await loaded;
    const image = sharp(file, { limitInputPixels: PIXELS_MAX, failOn: 'warning' });
    const { pages = 1 } = await image.metadata();
    if (pages > 1)
      throw refused('IMAGE_ANIMATED', 'The image is animated. Send one with a single frame.');
    return await encode(image.timeout({ seconds: DECODE_SECONDS_MAX }).autoOrient());
  } catch (error) {
    throw error instanceof AppError ? error : unreadable(error);
  } finally {
    line.leave();
  }
}

function logoAt(pixels: Sharp, scale: number): Promise<Png> {
  const { width, height } = LOGO_BOX;
  return pngOf(
    pixels.clone().resize({
      width: width * scale,
      height: height * scale,
      fit: 'inside',
      withoutEnlargement: true,
    }),
  );
}

function squareOf(pixels: Sharp, size: number): Promise<Png> {
  const background = { r: 0, g: 0, b: 0, alpha: 0 };
  return pngOf(pixels.clone().resize({ width: size, height: size, fit: 'contain', background }));
}

async function pngOf(pixels: Sharp): Promise<Png> {
  const png = pixels.png({ palette: true, compressionLevel: 9 });
  const { data, info } = await png.toBuffer({ resolveWithObject: true });
  return { bytes: data, width: info.width, height: info.height };
}

/** What libvips says, in words that help. */
function unreadable(error: unknown): AppError {
  const message = error instanceof Error ? error.message : '';
  if (message.includes('unsupported image format'))
    return refused('IMAGE_FORMAT', `The image is of another kind. ${FORMATS}`, error);
  if (message.includes('pixel limit')) {
    const millions = PIXELS_MAX / 1_000_000;
    const text = `The image has more than ${millions} million pixels. Send a smaller one.`;
    return refused('IMAGE_PIXELS', text, error);
  }
  if (message.includes('timeout'))
    return refused('IMAGE_SLOW', 'The image takes too long to read. Send a simpler one.', error);
  const text = 'The image is damaged or incomplete. Save it again and send that.';
  return refused('IMAGE_DAMAGED', text, error);
}

function refused(reason: ImageRefusal, message: string, cause?: unknown): AppError {
  return new AppError('invalid_request', message, { field: 'image', reason, cause });
}
