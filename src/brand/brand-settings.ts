import { z } from 'zod';
import type { DomainLook } from '../domains/domain-look.js';
import { knownLanguage, LANGUAGES } from '../shared/language.js';
import { BRAND_FONTS } from './brand.js';

export const CORNER_STYLES = { rounded: 10, square: 0, pill: 24 } as const;
export const BORDER_RADII = { none: 0, sm: 4, md: 8, lg: 12, xl: 16 } as const;
export const RADIUS_MAX = 64;
/** In characters. */
export const NAME_MAX = 60;
export const TEXT_MAX = 500;

// A control character has no place in a line. A direction mark would turn what follows it, which others have written.
const LINE = /^[^\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]*$/u;
const LINES = /^(?:[^\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]|\n)*$/u;

const HEX = /^#(?:[0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})$/;

/** `#RGB` or `#RRGGBB`; in capitals with six digits afterwards. */
function colour(description: string) {
  return z
    .string('expected a colour such as #1F5F8B')
    .trim()
    .regex(HEX, 'expected a colour such as #1F5F8B')
    .transform(wholeHex)
    .meta({ description, example: '#1F5F8B' });
}

function wholeHex(hex: string): string {
  const digits = hex.slice(1).toUpperCase();
  return `#${digits.length === 3 ? digits.replaceAll(/./g, '$&$&') : digits}`;
}

/** In NFC, without blanks around it. */
function line(max: number, description: string) {
  return words(max, LINE, 'one line of text').meta({ description });
}

function lines(description: string) {
  return words(TEXT_MAX, LINES, 'text').meta({ description });
}

function words(max: number, shape: RegExp, what: string) {
  const error = `expected ${what} of at most ${max} characters, without control characters`;
  return z
    .string(error)
    .transform((text) => text.replaceAll(/\r\n?/g, '\n').trim().normalize())
    .pipe(z.string().regex(shape, error))
    .refine((text) => text.length <= max, error);
}

const radius = z
  .union(
    [
      z.enum(Object.keys(BORDER_RADII) as [keyof typeof BORDER_RADII]),
      z.int().min(0).max(RADIUS_MAX),
      z
        .string()
        .regex(/^\d{1,2}$/)
        .transform(Number)
        .pipe(z.int().max(RADIUS_MAX)),
    ],
    {
      error: `expected ${Object.keys(BORDER_RADII).join(', ')}, or pixels from 0 to ${RADIUS_MAX}`,
    },
  )
  .meta({
    description: 'Of cards, fields and buttons. It wins over `corner_style`.',
    example: 'md',
  });

const font = (description: string) =>
  z
    .enum(BRAND_FONTS, `expected one of ${BRAND_FONTS.join(', ')}`)
    .meta({ description, example: 'humanist' });

const language = z.string(`expected one of ${LANGUAGES.join(', ')}`).transform((text, context) => {
  const known = knownLanguage(text);
  if (known !== null) return known;
  context.addIssue(`expected one of ${LANGUAGES.join(', ')}`);
  return z.NEVER;
});

const address = z
  .string('expected an e-mail address')
  .trim()
  .pipe(z.email('expected an e-mail address').max(254, 'expected an e-mail address'));

/** What an owner may set, in upstream's names where it has them. Text is text: markup in it is shown as it is. */
export const BRAND_FIELDS = {
  product_name: line(NAME_MAX, 'In the title and the head of pages, and as the sender of mails.'),
  product_domain: line(253, 'Kept for clients. No page shows it.'),
  primary_color: colour('Of buttons and links.'),
  secondary_color: colour('Of buttons and links under the pointer.'),
  background_color: colour('Of the page. A dark one makes the pages dark for everybody.'),
  text_color: colour('Of text.'),
  button_text_light: z
    .boolean('expected true or false')
    .meta({ description: 'White text on buttons, or black; null: whichever is clearer.' }),
  font_family: font('Of text.'),
  heading_font: font('Of headings; null: as of text.'),
  corner_style: z
    .enum(
      Object.keys(CORNER_STYLES) as [keyof typeof CORNER_STYLES],
      'expected rounded, square or pill',
    )
    .meta({ description: 'Of cards, fields and buttons.' }),
  border_radius: radius,
  support_email: address.meta({ description: 'Below every page.', example: 'help@example.com' }),
  footer_text: lines('Below every page.'),
  description: lines('On the page where messages are created.'),
  instructions_pre_reveal: lines('Before a message is opened.'),
  instructions_reveal: lines('Beside an opened message.'),
  instructions_post_reveal: lines('Below an opened message.'),
  closed_text: lines('On the page where strangers may not create messages.'),
  locale: language.meta({
    description: "For visitors whose browser asks for none of the domain's languages.",
    example: 'de',
  }),
  languages: z
    .array(language, `expected a list of ${LANGUAGES.join(', ')}`)
    .min(1, 'expected at least one language')
    .transform((listed) => LANGUAGES.filter((known) => listed.includes(known)))
    .meta({ description: 'Of the pages; null: all.', example: ['de', 'en'] }),
  notify_enabled: z
    .boolean('expected true or false')
    .meta({ description: 'Kept for clients. Nothing depends on it.' }),
};

export type BrandField = keyof typeof BRAND_FIELDS;

type Fields = z.output<z.ZodObject<typeof BRAND_FIELDS>>;

/** As it is stored: only what the owner has set. */
export type BrandSettings = { readonly [Field in BrandField]?: Fields[Field] };

/** By field: null removes it, absent or undefined leaves it. */
export type BrandChange = { readonly [Field in BrandField]?: Fields[Field] | null | undefined };

export const BRAND_FIELD_NAMES = Object.keys(BRAND_FIELDS) as BrandField[];

/** Only what is set. An empty text is none. */
export function presentSettings(fields: BrandChange, before: BrandSettings = {}): BrandSettings {
  return Object.fromEntries(
    BRAND_FIELD_NAMES.flatMap((field) => {
      const value = fields[field] === undefined ? before[field] : fields[field];
      return value === undefined || value === null || value === '' ? [] : [[field, value]];
    }),
  );
}

/** What a row has was checked when it was stored. */
export function storedSettings({ brand }: DomainLook): BrandSettings {
  return brand;
}
