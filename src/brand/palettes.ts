import type { Palette, Palettes } from './brand.js';
import { contrastOf, EDGE_CONTRAST, isReadable, mix, nearestColour } from './contrast.js';
import { DARK, DEFAULT_PALETTES, LIGHT, STATES } from './default-palettes.js';

/** The colours that an owner may choose, each `#RRGGBB`. */
export interface BrandColours {
  /** Of buttons and links; null: ours. */
  readonly primary: string | null;
  /** Of buttons and links under the pointer; null: from `primary`. */
  readonly secondary: string | null;
  /** Behind the card. Dark: the pages are dark for everybody. */
  readonly background: string | null;
  readonly text: string | null;
  /** Whether the text on buttons is white; null: white or black, whichever is clearer. */
  readonly isButtonTextLight: boolean | null;
}

/** A colour that people could not read. */
export interface ContrastFault {
  readonly colour: keyof BrandColours;
  /** The nearest colour that passes; null: none does with the other colours as they are. */
  readonly nearest: string | null;
}

const WHITE = '#FFFFFF';
const BLACK = '#000000';
/** A ground with less contrast to black than this is dark. */
const DARK_CONTRAST = 5;

/** Palettes that pass WCAG AA everywhere, or the first colour that keeps them from it. */
export function palettesOf(colours: BrandColours): Palettes | ContrastFault {
  if (Object.values(colours).every((colour) => colour === null)) return DEFAULT_PALETTES;
  const light = paletteOn(groundsOf(colours), colours);
  if ('colour' in light) return light;
  if (light.scheme === 'dark') return { light, dark: light };
  // An owner chooses one set of colours. The dark one has what is left of it on our dark ground.
  const { primary } = colours;
  const dark = primary === null ? DARK : withAction(DARK, readableOn(primary, DARK), null);
  return { light, dark };
}

type Grounds = Pick<Palette, 'scheme' | 'ground' | 'card'>;

function groundsOf({ background }: BrandColours): Grounds {
  if (background === null) return LIGHT;
  const isDark = contrastOf(background, BLACK) < DARK_CONTRAST;
  return {
    scheme: isDark ? 'dark' : 'light',
    ground: background,
    card: isDark ? mix(background, WHITE, 0.06) : mix(background, WHITE, 0.7),
  };
}

function paletteOn(grounds: Grounds, colours: BrandColours): Palette | ContrastFault {
  const { scheme, ground, card } = grounds;
  const both = [ground, card];
  if (!isUsable(grounds)) {
    const nearest = nearestColour(ground, (background) =>
      isUsable(groundsOf({ ...colours, background })),
    );
    return { colour: 'background', nearest };
  }
  const { text, primary } = colours;
  if (text !== null && !isReadable(text, both))
    return { colour: 'text', nearest: nearestColour(text, (hex) => isReadable(hex, both)) };
  const ink = text ?? inkOn(grounds);
  const words: Palette = {
    ...(scheme === 'dark' ? DARK : LIGHT),
    ...STATES[scheme],
    ...grounds,
    ink,
    quiet: faded(ink, both, 4.5),
    line: faded(ink, both, EDGE_CONTRAST),
    soft: mix(card, ink, 0.13),
  };
  const action = primary ?? readableOn(words.action, words);
  return actionFault(action, words, colours) ?? withAction(words, action, colours);
}

/** Whether black or white can be read there, and the colours of states on the card. */
function isUsable({ scheme, ground, card }: Grounds): boolean {
  const { badInk, goodInk } = STATES[scheme];
  return (
    isReadable(scheme === 'dark' ? WHITE : BLACK, [ground, card]) &&
    isReadable(badInk, [card]) &&
    isReadable(goodInk, [card])
  );
}

function inkOn({ scheme, ground, card }: Grounds): string {
  const ours = scheme === 'dark' ? DARK.ink : LIGHT.ink;
  if (isReadable(ours, [ground, card])) return ours;
  return scheme === 'dark' ? WHITE : BLACK;
}

/** The faintest step between the ink and its ground that has the contrast on all grounds. */
function faded(ink: string, grounds: readonly string[], contrast: number): string {
  for (const share of [0.45, 0.4, 0.35, 0.3, 0.25, 0.2, 0.15, 0.1, 0.05]) {
    const colour = mix(ink, grounds[0] ?? ink, share);
    if (grounds.every((ground) => contrastOf(colour, ground) >= contrast)) return colour;
  }
  return ink;
}

function readableOn(colour: string, { ground, card }: Grounds): string {
  const passes = (hex: string): boolean => isReadable(hex, [ground, card]);
  return passes(colour) ? colour : (nearestColour(colour, passes) ?? BLACK);
}

/** Links are of the colour, on both grounds; the text of buttons is on it. */
function actionFault(action: string, words: Palette, colours: BrandColours): ContrastFault | null {
  const { secondary, isButtonTextLight } = colours;
  const grounds = [words.ground, words.card];
  const passes = (hex: string): boolean =>
    isReadable(hex, [...grounds, buttonInk(hex, isButtonTextLight)]);
  if (!passes(action)) {
    const nearest = nearestColour(action, passes);
    if (nearest === null || colours.primary === null)
      return { colour: 'isButtonTextLight', nearest: null };
    return { colour: 'primary', nearest };
  }
  const ink = buttonInk(action, isButtonTextLight);
  const isHover = (hex: string): boolean => isReadable(hex, [...grounds, ink]);
  if (secondary === null || isHover(secondary)) return null;
  return { colour: 'secondary', nearest: nearestColour(secondary, isHover) };
}

function withAction(
  words: Palette,
  action: string,
  colours: Pick<BrandColours, 'secondary' | 'isButtonTextLight'> | null,
): Palette {
  const actionInk = buttonInk(action, colours?.isButtonTextLight ?? null);
  const actionHover = colours?.secondary ?? hoverOf(action, [words.ground, words.card, actionInk]);
  return { ...words, action, actionInk, actionHover };
}

/** As far from the action as it can be read: it is a link on the grounds, and under the text of buttons. */
function hoverOf(action: string, others: readonly string[]): string {
  const shades = [0.22, 0.15, 0.1, 0.05].flatMap((share) =>
    [BLACK, WHITE].map((end) => mix(action, end, share)),
  );
  return shades.find((shade) => isReadable(shade, others)) ?? action;
}

function buttonInk(action: string, isLight: boolean | null): string {
  if (isLight !== null) return isLight ? WHITE : BLACK;
  return contrastOf(WHITE, action) >= contrastOf(BLACK, action) ? WHITE : BLACK;
}
