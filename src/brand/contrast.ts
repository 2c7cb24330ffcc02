import { createRequire } from 'node:module';
import type { Color } from 'culori';

// Its bundle: as a module it is 151 files, which took 40 ms of each start.
const { clampChroma, converter, formatHex, parse, wcagContrast } = createRequire(import.meta.url)(
  'culori',
) as typeof import('culori');

/** WCAG 2.2, 1.4.3: of text. */
export const TEXT_CONTRAST = 4.5;
/** WCAG 2.2, 1.4.11: of the edge of a field. */
export const EDGE_CONTRAST = 3;

/** Of lightness, for nearestColour(): closer together than two greys of 8 bits. */
const STEPS = 300;

const toOklch = converter('oklch');
const toOklab = converter('oklab');

/** Of two colours `#RRGGBB`: 1 to 21. */
export function contrastOf(one: string, other: string): number {
  return wcagContrast(one, other);
}

/** Whether text of the colour can be read on each of the grounds. */
export function isReadable(colour: string, grounds: readonly string[]): boolean {
  return grounds.every((ground) => contrastOf(colour, ground) >= TEXT_CONTRAST);
}

/** `share` of `other` in `colour`, from 0 to 1. */
export function mix(colour: string, other: string, share: number): string {
  const [from, to] = [colour, other].map((each) => toOklab(requireColour(each)));
  if (from === undefined || to === undefined) throw new Error('not a colour');
  const between = (a: number, b: number): number => a + (b - a) * share;
  return hexOf({
    mode: 'oklab',
    l: between(from.l, to.l),
    a: between(from.a, to.a),
    b: between(from.b, to.b),
  });
}

/**
 * The colour that looks most like `colour` and passes: of the same hue (OKLCH), a little lighter or darker, with as much
 * chroma as a screen can show. Null when none passes.
 */
export function nearestColour(colour: string, passes: (hex: string) => boolean): string | null {
  const wanted = toOklch(requireColour(colour));
  for (let step = 0; step <= STEPS; step++) {
    for (const l of [wanted.l - step / STEPS, wanted.l + step / STEPS]) {
      if (l < 0 || l > 1) continue;
      const candidate = hexOf(clampChroma({ ...wanted, l }, 'oklch'));
      if (passes(candidate)) return candidate;
    }
  }
  return null;
}

function hexOf(colour: Color): string {
  return formatHex(colour).toUpperCase();
}

function requireColour(text: string): Color {
  const colour = parse(text);
  if (colour === undefined) throw new Error(`not a colour: ${text}`);
  return colour;
}
