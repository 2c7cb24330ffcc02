export const IMAGE_KINDS = ['logo', 'logo-dark', 'icon'] as const;

export type ImageKind = (typeof IMAGE_KINDS)[number];

/** What is known of a stored image without its bytes. */
export interface ImageFacts {
  /** A hash of the bytes. */
  readonly version: string;
  /** In pixels. */
  readonly width: number;
  readonly height: number;
}

export type ImagesFacts = Readonly<Partial<Record<ImageKind, ImageFacts>>>;

/** How the owner wants the domain to look. It is read with the domain, so that a page needs no query for it. */
export interface DomainLook {
  /** As the room brand has checked it, which alone reads it. */
  readonly brand: Readonly<Record<string, string | number | boolean | readonly string[]>>;
  readonly images: ImagesFacts;
}

export const NO_LOOK: DomainLook = { brand: {}, images: {} };

export function hasLook({ brand, images }: DomainLook): boolean {
  return Object.keys(brand).length > 0 || Object.keys(images).length > 0;
}

/** The look of a row, which lacks what nobody has set. */
export function wholeLook(stored: Partial<DomainLook>): DomainLook {
  return { ...NO_LOOK, ...stored };
}
