import type { BrandImage } from '../brand.js';

export const IMAGE_KINDS = ['logo', 'logo-dark', 'icon'] as const;

export type ImageKind = (typeof IMAGE_KINDS)[number];

interface ImageFacts {
  readonly version: string;
  readonly width: number;
  readonly height: number;
}

/** As IMAGES_OF selects them: null without any. */
export type StoredImages = Readonly<Partial<Record<ImageKind, ImageFacts>>> | null;

const NAME = /^(logo|logo-dark|icon)-([0-9a-f]{16})(-32)?\.png$/;

/** An expression in SQL, without the bytes: for a statement that reads other facts of the domain too. */
export function imagesOf(domainId: string): string {
  return `(select jsonb_object_agg(kind, jsonb_build_object('version', version, 'width', width, 'height', height))
      from domain_images where domain_id = ${domainId})`;
}

/** The images of Brand from imagesOf(). */
export function brandImages(stored: StoredImages): {
  readonly logo: BrandImage | null;
  readonly logoDark: BrandImage | null;
  readonly icon: BrandImage | null;
} {
  return {
    logo: brandImage('logo', stored?.logo),
    logoDark: brandImage('logo-dark', stored?.['logo-dark']),
    icon: brandImage('icon', stored?.icon),
  };
}

/** The path of an icon for a browser's tab, from that for a home screen. */
export function tabIconPath({ path }: BrandImage): string {
  return path.replace(/\.png$/, '-32.png');
}

/** What a path of brandImages() names; null for any other name. */
export function readImageName(
  name: string,
): { readonly kind: ImageKind; readonly version: string; readonly isSmall: boolean } | null {
  const [, kind, version, small] = NAME.exec(name) ?? [];
  if (kind === undefined || version === undefined) return null;
  const isSmall = small !== undefined;
  return isSmall && kind !== 'icon' ? null : { kind: kind as ImageKind, version, isSmall };
}

function brandImage(kind: ImageKind, facts: ImageFacts | undefined): BrandImage | null {
  if (facts === undefined) return null;
  const { version, width, height } = facts;
  return { path: `/brand/${kind}-${version}.png`, width, height };
}
