import type { Brand, BrandFont, Palette } from '../../brand/brand.js';

/** Fonts that systems have; nothing is loaded. */
const FONTS: Readonly<Record<BrandFont, string>> = {
  system: "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif",
  sans: "'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', sans-serif",
  serif: "Georgia, 'Iowan Old Style', 'Times New Roman', 'Liberation Serif', serif",
  mono: "ui-monospace, 'SFMono-Regular', Menlo, Consolas, 'Liberation Mono', monospace",
  slab: "Rockwell, 'Rockwell Nova', 'Roboto Slab', 'DejaVu Serif', serif",
  rounded: "ui-rounded, 'Hiragino Maru Gothic ProN', Quicksand, Nunito, system-ui, sans-serif",
  humanist: "Seravek, 'Gill Sans Nova', Ubuntu, Calibri, 'DejaVu Sans', sans-serif",
  geometric: "Avenir, Montserrat, Corbel, 'URW Gothic', 'Century Gothic', sans-serif",
};

/** The custom properties that the stylesheet uses. Every value is from a closed set: nothing an owner typed is in it. */
export function brandStyle({ light, dark, radius, font, headingFont }: Brand): string {
  return `:root{${colours(light)};--radius:${radius}px;--font:${FONTS[font]};--heading-font:${FONTS[headingFont]}}
@media (prefers-color-scheme:dark){:root{${colours(dark)}}}
`;
}

function colours(palette: Palette): string {
  const { scheme, ground, card, action, actionInk, actionHover, notice, noticeInk } = palette;
  const { ink, quiet, line, soft, good, goodInk, bad, badInk } = palette;
  return [
    `color-scheme:${scheme}`,
    `--ground:${ground}`,
    `--card:${card}`,
    `--field:${scheme === 'dark' ? ground : card}`,
    `--ink:${ink}`,
    `--quiet:${quiet}`,
    `--line:${line}`,
    `--soft:${soft}`,
    `--action:${action}`,
    `--action-ink:${actionInk}`,
    `--action-hover:${actionHover}`,
    `--notice:${notice}`,
    `--notice-ink:${noticeInk}`,
    `--good:${good}`,
    `--good-ink:${goodInk}`,
    `--bad:${bad}`,
    `--bad-ink:${badInk}`,
  ].join(';');
}
