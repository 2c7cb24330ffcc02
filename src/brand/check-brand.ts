import { AppError } from '../shared/app-error.js';
import { coloursOf } from './brand-of.js';
import type { BrandField, BrandSettings } from './brand-settings.js';
import { palettesOf, type BrandColours } from './palettes.js';

const FIELDS: Readonly<Record<keyof BrandColours, BrandField>> = {
  primary: 'primary_color',
  secondary: 'secondary_color',
  background: 'background_color',
  text: 'text_color',
  isButtonTextLight: 'button_text_light',
};

/** The reason of a colour that people could not read. */
export const CONTRAST = 'CONTRAST';

/** @throws AppError `invalid_request` for what the settings cannot be together */
export function checkBrand(settings: BrandSettings): void {
  const { locale, languages } = settings;
  if (locale !== undefined && languages !== undefined && !languages.includes(locale))
    throw new AppError(
      'invalid_request',
      `locale is not one of languages (${languages.join(', ')})`,
      {
        field: 'brand.locale',
      },
    );
  const fault = palettesOf(coloursOf(settings));
  if (!('colour' in fault)) return;
  const field = FIELDS[fault.colour];
  const { nearest } = fault;
  throw new AppError(
    'invalid_request',
    nearest === null
      ? `${field} cannot be read with the other colours (WCAG AA: 4.5 to 1)`
      : `${field} cannot be read with the other colours (WCAG AA: 4.5 to 1). The nearest that can be is ${nearest}.`,
    { field: `brand.${field}`, reason: CONTRAST, ...(nearest !== null && { suggestion: nearest }) },
  );
}
