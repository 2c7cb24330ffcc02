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

/** CSS properties, most of them custom ones. Every value is from a closed set: nothing an owner typed is in it. */
export type StyleProperties = Readonly<Record<string, string>>;

/** The custom properties that the stylesheet uses. */
export function brandStyle(brand: Brand): string {
  const { light, dark } = brand;
  return `:root{${declarations({ ...paletteProperties(light), ...shapeProperties(brand) })}}
@media (prefers-color-scheme:dark){:root{${declarations(paletteProperties(dark))}}}
`;
}

export function declarations(properties: StyleProperties): string {
  return Object.entries(properties)
    .map(([name, value]) => `${name}:${value}`)
    .join(';');
}

export function shapeProperties({ radius, font, headingFont }: Brand): StyleProperties {
  return {
    '--radius': `${radius}px`,
    '--font': FONTS[font],
    '--heading-font': FONTS[headingFont],
  };
}

export function paletteProperties(palette: Palette): StyleProperties {
  const { scheme, ground, card } = palette;
  return {
    'color-scheme': scheme,
    '--ground': ground,
    '--card': card,
    '--field': scheme === 'dark' ? ground : card,
    '--ink': palette.ink,
    '--quiet': palette.quiet,
    '--line': palette.line,
    '--soft': palette.soft,
    '--action': palette.action,
    '--action-ink': palette.actionInk,
    '--action-hover': palette.actionHover,
    '--notice': palette.notice,
    '--notice-ink': palette.noticeInk,
    '--good': palette.good,
    '--good-ink': palette.goodInk,
    '--bad': palette.bad,
    '--bad-ink': palette.badInk,
  };
}
