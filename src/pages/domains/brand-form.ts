import {
  BORDER_RADII,
  BRAND_FIELDS,
  presentSettings,
  TEXT_MAX,
  type BrandChange,
  type BrandField,
  type BrandSettings,
} from '../../brand/brand-settings.js';
import { checkBrand } from '../../brand/check-brand.js';
import { AppError } from '../../shared/app-error.js';
import { LANGUAGES, type Language } from '../../shared/language.js';
import { cornersOf, isCornerChoice, type CornerChoice } from './brand-corners.js';

/** Fields of the form with one value, named as the API has them. */
export const LINES = [
  'product_name',
  'primary_color',
  'secondary_color',
  'background_color',
  'text_color',
  'button_text_light',
  'font_family',
  'heading_font',
  'support_email',
  'footer_text',
  'description',
  'instructions_pre_reveal',
  'instructions_reveal',
  'instructions_post_reveal',
  'closed_text',
  'locale',
] as const satisfies readonly BrandField[];

export type BrandLine = (typeof LINES)[number];

/** As it was typed and chosen. */
export interface TypedBrand {
  readonly lines: Readonly<Record<BrandLine, string>>;
  /** A CornerChoice, or pixels. */
  readonly corners: string;
  readonly languages: readonly Language[];
}

/** Why a field is refused. */
export type BrandFault =
  | { readonly kind: 'invalid' }
  /** People could not read the colour. `nearest` is the nearest one that they could; null: none with these others. */
  | { readonly kind: 'contrast'; readonly nearest: string | null };

export type BrandFaults = Readonly<
  Partial<Record<BrandLine | 'corners' | 'languages', BrandFault>>
>;

export interface BrandForm {
  readonly typed: TypedBrand;
  readonly change: BrandChange;
  /** Empty: it can be stored. */
  readonly faults: BrandFaults;
  /** What can be shown of it: without what is invalid, with the nearest colours that can be read. */
  readonly shown: BrandSettings;
}

/** What a part of the form has. */
export type BrandPartProps = Pick<BrandForm, 'typed' | 'faults'>;

/** Several times what is taken: it comes back in the page. */
const TYPED_LENGTH_MAX = 8 * TEXT_MAX;

export function typedBrandOf(settings: BrandSettings): TypedBrand {
  const lines = Object.fromEntries(LINES.map((name) => [name, String(settings[name] ?? '')]));
  return {
    lines: lines as Record<BrandLine, string>,
    corners: cornersOf(settings),
    languages: settings.languages ?? LANGUAGES,
  };
}

/** @param before what is stored, for the fields that the form does not have */
export function readBrandForm(
  sent: { get(name: string): string | null },
  before: BrandSettings,
): BrandForm {
  const typed = typedIn(sent);
  const { change, faults } = readFields(typed);
  const readable = readableOf(presentSettings(change, before));
  return {
    typed,
    change,
    faults: { ...readable.faults, ...faults },
    shown: readable.settings,
  };
}

/** The form with one of its colours replaced: `primary_color #1F5F8B`. */
export function withTaken(
  sent: { get(name: string): string | null },
  taken: string,
): { get(name: string): string | null } {
  const [field = '', colour = ''] = taken.split(' ');
  return { get: (name) => (name === field ? colour : sent.get(name)) };
}

function typedIn(sent: { get(name: string): string | null }): TypedBrand {
  // Browsers send every newline of a form as CRLF.
  const text = (name: string): string =>
    (sent.get(name) ?? '').replaceAll('\r\n', '\n').slice(0, TYPED_LENGTH_MAX);
  const lines = Object.fromEntries(LINES.map((name) => [name, text(name)]));
  return {
    lines: lines as Record<BrandLine, string>,
    corners: text('corners'),
    languages: LANGUAGES.filter((language) => sent.get(languageField(language)) !== null),
  };
}

/** The box of a language. */
export function languageField(language: Language): string {
  return `language_${language}`;
}

function readFields({ lines, corners, languages }: TypedBrand) {
  const change: Record<string, unknown> = { ...cornersIn(corners) };
  const faults: Partial<Record<keyof BrandFaults, BrandFault>> = {};
  for (const name of LINES) {
    const text = lines[name].trim();
    const read = text === '' ? { success: true, data: null } : parseLine(name, text);
    if (read.success) change[name] = read.data;
    else faults[name] = { kind: 'invalid' };
  }
  if (!isCornerChoice(corners)) faults.corners = { kind: 'invalid' };
  if (languages.length === 0) faults.languages = { kind: 'invalid' };
  else change['languages'] = languages.length === LANGUAGES.length ? null : languages;
  return { change: change as BrandChange, faults };
}

function parseLine(name: BrandLine, text: string) {
  const value = name === 'button_text_light' ? SWITCH.get(text) : text;
  return BRAND_FIELDS[name].safeParse(value);
}

const SWITCH = new Map([
  ['true', true],
  ['false', false],
]);

/** `border_radius` wins over `corner_style`, so the one that was chosen is the only one. */
function cornersIn(corners: string): Pick<BrandChange, 'border_radius' | 'corner_style'> {
  if (!isCornerChoice(corners)) return {};
  const style = CORNERS[corners as CornerChoice];
  if (style !== undefined) return { border_radius: null, corner_style: null, ...style };
  return { border_radius: Number(corners), corner_style: null };
}

const CORNERS: Readonly<
  Record<CornerChoice, Pick<BrandChange, 'border_radius' | 'corner_style'> | undefined>
> = {
  '': {},
  square: { corner_style: 'square' },
  small: { border_radius: 'sm' satisfies keyof typeof BORDER_RADII },
  large: { border_radius: 'xl' satisfies keyof typeof BORDER_RADII },
  pill: { corner_style: 'pill' },
};

/** The settings with the nearest colours that can be read in place of those that cannot, and which these are. */
function readableOf(settings: BrandSettings): {
  readonly settings: BrandSettings;
  readonly faults: BrandFaults;
} {
  let current = settings;
  const faults: Partial<Record<keyof BrandFaults, BrandFault>> = {};
  // Each round replaces or removes one value, so there is an end.
  for (let round = 0; round < LINES.length; round += 1) {
    const error = errorOf(current);
    const field = LINES.find((name) => `brand.${name}` === error?.field);
    if (error === null || field === undefined) break;
    const { [field]: _refused, ...others } = current;
    const { suggestion = null } = error;
    faults[field] ??=
      field === 'locale' ? { kind: 'invalid' } : { kind: 'contrast', nearest: suggestion };
    current = suggestion === null ? others : { ...others, [field]: suggestion };
  }
  return { settings: current, faults };
}

function errorOf(settings: BrandSettings): AppError | null {
  try {
    checkBrand(settings);
    return null;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}
