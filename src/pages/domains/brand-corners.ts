import { BORDER_RADII, RADIUS_MAX, type BrandSettings } from '../../brand/brand-settings.js';

/** What the form gives to choose from. `''` is the default, which is rounded. */
export const CORNER_CHOICES = ['square', 'small', '', 'large', 'pill'] as const;

export type CornerChoice = (typeof CORNER_CHOICES)[number];

const PIXELS = /^\d{1,2}$/;

/** The choice that the settings stand for, or the pixels, which the API can set. */
export function cornersOf({ border_radius, corner_style }: BrandSettings): string {
  if (border_radius === undefined) return corner_style === 'rounded' ? '' : (corner_style ?? '');
  if (border_radius === 'none') return 'square';
  if (border_radius === 'sm') return 'small';
  if (border_radius === 'xl') return 'large';
  return String(typeof border_radius === 'number' ? border_radius : BORDER_RADII[border_radius]);
}

export function isCornerChoice(text: string): boolean {
  if (CORNER_CHOICES.some((choice) => choice === text)) return true;
  return PIXELS.test(text) && Number(text) <= RADIUS_MAX;
}
