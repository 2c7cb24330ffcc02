import type { DomainLook } from '../domains/domain-look.js';
import type { Hostname } from '../shared/hostname.js';
import { LANGUAGES } from '../shared/language.js';
import type { Brand, Palettes } from './brand.js';
import {
  BORDER_RADII,
  CORNER_STYLES,
  storedSettings,
  type BrandSettings,
} from './brand-settings.js';
import { brandImages } from './images/brand-images.js';
import { DEFAULT_PALETTES } from './default-palettes.js';
import { palettesOf, type BrandColours } from './palettes.js';

interface Branded {
  readonly hostname: Hostname;
  readonly look: DomainLook;
}

/** By the directory's value, which stays the same object until something about the name changes. */
const brands = new WeakMap<Branded, Brand>();

/** The brand of a custom domain. */
export function brandOf(domain: Branded): Brand {
  const known = brands.get(domain);
  if (known !== undefined) return known;
  const { hostname, look } = domain;
  const brand = wholeBrand(hostname, storedSettings(look), brandImages(look.images));
  brands.set(domain, brand);
  return brand;
}

/** A brand with every default applied. Colours that cannot be read together are left out. */
export function wholeBrand(
  hostname: Hostname,
  settings: BrandSettings,
  images: Pick<Brand, 'logo' | 'logoDark' | 'icon'>,
): Brand {
  const languages = settings.languages ?? LANGUAGES;
  const locale = settings.locale ?? LANGUAGES[0];
  const font = settings.font_family ?? 'system';
  return {
    productName: settings.product_name ?? hostname,
    ...readablePalettes(settings),
    ...images,
    radius: radiusOf(settings),
    font,
    headingFont: settings.heading_font ?? font,
    footerText: settings.footer_text ?? null,
    supportEmail: settings.support_email ?? null,
    description: settings.description ?? null,
    textBeforeReveal: settings.instructions_pre_reveal ?? null,
    textAtReveal: settings.instructions_reveal ?? null,
    textAfterReveal: settings.instructions_post_reveal ?? null,
    closedText: settings.closed_text ?? null,
    language: languages.find((language) => language === locale) ?? languages[0] ?? locale,
    languages,
  };
}

export function coloursOf(settings: BrandSettings): BrandColours {
  return {
    primary: settings.primary_color ?? null,
    secondary: settings.secondary_color ?? null,
    background: settings.background_color ?? null,
    text: settings.text_color ?? null,
    isButtonTextLight: settings.button_text_light ?? null,
  };
}

function readablePalettes(settings: BrandSettings): Palettes {
  const palettes = palettesOf(coloursOf(settings));
  return 'light' in palettes ? palettes : DEFAULT_PALETTES;
}

function radiusOf({ corner_style, border_radius }: BrandSettings): number {
  if (typeof border_radius === 'number') return border_radius;
  if (border_radius !== undefined) return BORDER_RADII[border_radius];
  return CORNER_STYLES[corner_style ?? 'rounded'];
}
