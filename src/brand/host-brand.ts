import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { ConfigError } from '../config/config-error.js';
import { IMAGE_KINDS, type ImageFacts, type ImageKind } from '../domains/domain-look.js';
import { AppError } from '../shared/app-error.js';
import type { Hostname } from '../shared/hostname.js';
import { PublicFile } from '../shared/public-file.js';
import type { Brand } from './brand.js';
import { wholeBrand } from './brand-of.js';
import { BRAND_FIELDS, presentSettings } from './brand-settings.js';
import { checkBrand } from './check-brand.js';
import { brandImages, imageVersion, type ImageName } from './images/brand-images.js';
import { encodeImage, type EncodedImage } from './images/image-codec.js';

const VARIABLE = 'GATEWAY_BRAND_FILE';

const path = z.string('expected the path of an image').min(1, 'expected the path of an image');

/** The fields of the API, and the images as files beside this one. */
const fileSchema = z
  .strictObject({ ...BRAND_FIELDS, logo: path, logo_dark: path, icon: path })
  .partial();

type Images = Readonly<Partial<Record<ImageKind, EncodedImage>>>;

/** The look of the region's own host, which the operator sets in a file. It is read once. */
export class HostBrand {
  constructor(
    readonly brand: Brand,
    private readonly images: Images,
  ) {}

  /**
   * @param file null: the default look, with the host's name
   * @throws ConfigError for a file that is not there, or is not what an owner could set for a domain
   */
  static async load(host: Hostname, file: string | null): Promise<HostBrand> {
    if (file === null) return new HostBrand(wholeBrand(host, {}, brandImages({})), {});
    try {
      return await readBrand(host, file);
    } catch (error) {
      throw new ConfigError([{ variable: VARIABLE, message: reasonOf(error, file) }]);
    }
  }

  /** Null: there is no such image. */
  fileOf({ kind, version, isSmall }: ImageName): PublicFile | null {
    const image = this.images[kind];
    if (image === undefined || (version !== null && version !== imageVersion(image.bytes)))
      return null;
    const bytes = isSmall ? image.small : image.bytes;
    return bytes === null ? null : new PublicFile(bytes, 'image/png', 'public, no-cache');
  }
}

async function readBrand(host: Hostname, file: string): Promise<HostBrand> {
  const { logo, logo_dark, icon, ...fields } = fileSchema.parse(
    JSON.parse(await readFile(file, 'utf8')),
  );
  const settings = presentSettings(fields);
  checkBrand(settings);
  const files = { logo, 'logo-dark': logo_dark, icon };
  const images: Partial<Record<ImageKind, EncodedImage>> = {};
  const facts: Partial<Record<ImageKind, ImageFacts>> = {};
  for (const kind of IMAGE_KINDS) {
    const name = files[kind];
    if (name === undefined) continue;
    const image = await readImage(kind, resolve(dirname(file), name));
    const { bytes, width, height } = image;
    images[kind] = image;
    facts[kind] = { version: imageVersion(bytes), width, height };
  }
  return new HostBrand(wholeBrand(host, settings, brandImages(facts)), images);
}

async function readImage(kind: ImageKind, file: string): Promise<EncodedImage> {
  try {
    return await encodeImage(kind, await readFile(file), 'operator');
  } catch (error) {
    throw new Error(reasonOf(error, file), { cause: error });
  }
}

function reasonOf(error: unknown, file: string): string {
  if (error instanceof z.ZodError) {
    const [issue] = error.issues;
    return `${issue?.path.join('.') || file}: ${issue?.message ?? 'not valid'}`;
  }
  if (error instanceof SyntaxError) return `${file} is no JSON`;
  if (error instanceof AppError) return `${error.field ?? file}: ${error.message}`;
  const { code, message } = error as NodeJS.ErrnoException;
  return code === undefined ? message : `${file} cannot be read (${code})`;
}
