import { hash } from 'node:crypto';
import type { ImageFacts, ImageKind, ImagesFacts } from '../../domains/domain-look.js';
import type { BrandImage } from '../brand.js';

/** Names an image of a tenant. */
export interface ImageName {
  readonly kind: ImageKind;
  /** Null: the one that is there now. */
  readonly version: string | null;
  /** An icon in the size of a browser's tab. */
  readonly isSmall: boolean;
}

const VERSION_LENGTH = 16;
const NAME = /^(logo|logo-dark|icon)-([0-9a-f]{16})(-32)?\.png$/;

/** The images of Brand. */
export function brandImages(stored: ImagesFacts): {
  readonly logo: BrandImage | null;
  readonly logoDark: BrandImage | null;
  readonly icon: BrandImage | null;
} {
  return {
    logo: stored.logo ? brandImage('logo', stored.logo) : null,
    logoDark: stored['logo-dark'] ? brandImage('logo-dark', stored['logo-dark']) : null,
    icon: stored.icon ? brandImage('icon', stored.icon) : null,
  };
}

/** The path of an icon for a browser's tab, from that for a home screen. */
export function tabIconPath({ path }: BrandImage): string {
  return path.replace(/\.png$/, '-32.png');
}

export function imageVersion(bytes: Buffer): string {
  return hash('sha256', bytes, 'hex').slice(0, VERSION_LENGTH);
}

/** What a path of brandImages() names; null for any other name. */
export function readImageName(name: string): ImageName | null {
  const [, kind, version, small] = NAME.exec(name) ?? [];
  if (kind === undefined || version === undefined) return null;
  const isSmall = small !== undefined;
  return isSmall && kind !== 'icon' ? null : { kind: kind as ImageKind, version, isSmall };
}

export function brandImage(kind: ImageKind, { version, width, height }: ImageFacts): BrandImage {
  return { path: `/brand/${kind}-${version}.png`, width, height };
}
