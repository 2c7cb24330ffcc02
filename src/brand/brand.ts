import type { Language } from '../shared/language.js';

/** On a card: of notices, of what went well and of what did not. */
export interface StateColours {
  readonly notice: string;
  readonly noticeInk: string;
  readonly good: string;
  readonly goodInk: string;
  readonly bad: string;
  readonly badInk: string;
}

/** Colours of a page or a mail as `#RRGGBB`. Text on its ground has a contrast of WCAG AA. */
export interface Palette extends StateColours {
  /** Whether the ground is light or dark: for what the browser draws itself. */
  readonly scheme: 'light' | 'dark';
  /** Behind the card. */
  readonly ground: string;
  /** Behind the text. */
  readonly card: string;
  readonly ink: string;
  /** Of hints. */
  readonly quiet: string;
  /** Of the edges of fields. */
  readonly line: string;
  /** Of the edge of the card. */
  readonly soft: string;
  /** Of the first button, and of links. */
  readonly action: string;
  /** On the first button. */
  readonly actionInk: string;
  readonly actionHover: string;
}

/** By what the visitor's system asks for. */
export interface Palettes {
  readonly light: Palette;
  readonly dark: Palette;
}

export const BRAND_FONTS = [
  'system',
  'sans',
  'serif',
  'mono',
  'slab',
  'rounded',
  'humanist',
  'geometric',
] as const;

export type BrandFont = (typeof BRAND_FONTS)[number];

/** An image of the owner, re-encoded by us. */
export interface BrandImage {
  /** Of the tenant's own host. It changes with the image, so that browsers may keep it. */
  readonly path: string;
  /** In pixels, so that the page keeps its place. */
  readonly width: number;
  readonly height: number;
}

/** How one tenant looks and what it says, with every default applied. A null text: the page has none there. */
export interface Brand extends Palettes {
  /** The owner's name for the service; the host's name where none is set. */
  readonly productName: string;
  readonly logo: BrandImage | null;
  /** On dark ground; null: `logo` there too. */
  readonly logoDark: BrandImage | null;
  /** Null: a neutral one. */
  readonly icon: BrandImage | null;
  /** Of the corners of cards, fields and buttons, in CSS pixels. */
  readonly radius: number;
  readonly font: BrandFont;
  readonly headingFont: BrandFont;
  readonly footerText: string | null;
  readonly supportEmail: string | null;
  /** On the envelope, before the message is opened. */
  readonly textBeforeReveal: string | null;
  /** Beside the opened message. */
  readonly textAtReveal: string | null;
  /** Below the opened message. */
  readonly textAfterReveal: string | null;
  /** On the page where messages are created. */
  readonly description: string | null;
  /** Where strangers may not create. */
  readonly closedText: string | null;
  /** Of a visitor whose browser asks for none of `languages`. */
  readonly language: Language;
  readonly languages: readonly Language[];
}
