import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { ConfigError } from '../config/config-error.js';
import type { Config } from '../config/config.js';
import { IMAGE_KINDS, type ImageFacts, type ImageKind } from '../domains/domain-look.js';
import { AppError } from '../shared/app-error.js';
import type { Hostname } from '../shared/hostname.js';
import { PublicFile } from '../shared/public-file.js';
import type { Brand } from './brand.js';
import { wholeBrand } from './brand-of.js';
import { BRAND_FIELDS, presentSettings } from './brand-settings.js';
import { checkBrand } from './check-brand.js';
import { brandImage, brandImages, imageVersion, tabIconPath } from './images/brand-images.js';
import { encodeImage, type EncodedImage } from './images/image-codec.js';

const VARIABLE = 'GATEWAY_BRAND_FILE';

const imagePath = z.string('expected the path of an image').min(1, 'expected the path of an image');

/** The fields of the API, and the images as files beside this one. */
const fileSchema = z
  .strictObject({ ...BRAND_FIELDS, logo: imagePath, logo_dark: imagePath, icon: imagePath })
  .partial();

/** The look of the region's own host, which the operator sets in a file. It is read once. */
export class HostBrand {
  constructor(
    readonly brand: Brand,
    /** By path. */
    private readonly files: ReadonlyMap<string, PublicFile>,
  ) {}

  /**
   * @param file null: the default look, with the host's name
   * @throws ConfigError for a file that is not there, or is not what an owner could set for a domain
   */
  static async load(host: Hostname, file: string | null): Promise<HostBrand> {
    if (file === null) return new HostBrand(wholeBrand(host, {}, brandImages({})), new Map());
    try {
      return await readBrand(host, file);
    } catch (error) {
      throw new ConfigError([{ variable: VARIABLE, message: reasonOf(error, file) }]);
    }
  }

  /** The image at a path that `brand` has; null: there is none. */
  fileOf(path: string): PublicFile | null {
    return this.files.get(path) ?? null;
  }
}

/**
 * Refuses a file before anything is made: each region would find the same only when its database is open.
 * @throws ConfigError as HostBrand.load does
 */
export async function requireBrandFile({
  served,
  brandFile,
}: Pick<Config, 'served' | 'brandFile'>): Promise<void> {
  const [first] = served;
  if (first !== undefined) await HostBrand.load(first.host, brandFile);
}

async function readBrand(host: Hostname, file: string): Promise<HostBrand> {
  const { logo, logo_dark, icon, ...fields } = fileSchema.parse(
    JSON.parse(await readFile(file, 'utf8')),
  );
  const settings = presentSettings(fields);
  checkBrand(settings);
  const names = { logo, 'logo-dark': logo_dark, icon };
  const stored: Partial<Record<ImageKind, ImageFacts>> = {};
  const files = new Map<string, PublicFile>();
  for (const kind of IMAGE_KINDS) {
    const name = names[kind];
    if (name === undefined) continue;
    const image = await readImage(kind, resolve(dirname(file), name));
    const { bytes, width, height } = image;
    const facts = { version: imageVersion(bytes), width, height };
    stored[kind] = facts;
    for (const [path, content] of filesOf(kind, facts, image))
      files.set(path, new PublicFile(content, 'image/png', 'public, no-cache'));
  }
  return new HostBrand(wholeBrand(host, settings, brandImages(stored)), files);
}

function filesOf(kind: ImageKind, facts: ImageFacts, { bytes, small }: EncodedImage) {
  const image = brandImage(kind, facts);
  const files: [string, Buffer][] = [[image.path, bytes]];
  if (small !== null) files.push([tabIconPath(image), small]);
  return files;
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
  if (error instanceof AppError) return `${file}: ${error.message}`;
  const { code, message } = error as NodeJS.ErrnoException;
  return code === undefined ? message : `${file} cannot be read (${code})`;
}
