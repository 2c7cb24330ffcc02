import type { Brand, Palette } from '../../brand/brand.js';
import { wholeBrand } from '../../brand/brand-of.js';
import type { BrandSettings } from '../../brand/brand-settings.js';
import type { ImagesFacts } from '../../domains/domain-look.js';
import type { Hostname } from '../../shared/hostname.js';
import { typedBrandOf } from './brand-form.js';
import {
  declarations,
  paletteProperties,
  shapeProperties,
  type StyleProperties,
} from '../frame/brand-style.js';

export const SCHEMES = ['light', 'dark'] as const;
export type Scheme = (typeof SCHEMES)[number];

/** What a preview shows of a brand. */
export interface BrandLook {
  readonly brand: Brand;
  readonly settings: BrandSettings;
  readonly properties: Readonly<Record<Scheme, StyleProperties>>;
}

/** @param path `/domains/cd…`: the owner sees the images there, on the region's host */
export function brandLookOf(
  hostname: Hostname,
  settings: BrandSettings,
  images: ImagesFacts,
  path: string,
): BrandLook {
  const imageOf = (kind: keyof ImagesFacts) => {
    const facts = images[kind];
    return facts === undefined
      ? null
      : { ...facts, path: `${path}/images/${kind}?v=${facts.version}` };
  };
  const brand = wholeBrand(hostname, settings, {
    logo: imageOf('logo'),
    logoDark: imageOf('logo-dark'),
    icon: imageOf('icon'),
  });
  return { brand, settings, properties: propertiesOf(brand) };
}

/** The stylesheet of the two previews, for browsers that run no scripts. */
export function previewStyle(hostname: Hostname, settings: BrandSettings): string {
  const properties = propertiesOf(wholeBrand(hostname, settings, NO_IMAGES));
  return SCHEMES.map((scheme) => {
    return `[data-look="${scheme}"]{${declarations(properties[scheme])}}\n`;
  }).join('');
}

/** The address of previewStyle(), with what is in it. */
export function stylePath(path: string, settings: BrandSettings): string {
  const { lines, corners } = typedBrandOf(settings);
  const fields = Object.entries({ ...lines, corners }).filter(
    ([name, value]) => STYLE_FIELDS.has(name) && value !== '',
  );
  return `${path}/brand/preview.css?${new URLSearchParams(fields).toString()}`;
}

const STYLE_FIELDS = new Set([
  'primary_color',
  'secondary_color',
  'background_color',
  'text_color',
  'button_text_light',
  'font_family',
  'heading_font',
  'corners',
]);

const NO_IMAGES = { logo: null, logoDark: null, icon: null };

function propertiesOf(brand: Brand): BrandLook['properties'] {
  const shape = shapeProperties(brand);
  const of = (palette: Palette) => ({ ...paletteProperties(palette), ...shape });
  return { light: of(brand.light), dark: of(brand.dark) };
}
