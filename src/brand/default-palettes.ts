import type { Palette, Palettes, StateColours } from './brand.js';

/** Of notices, of what went well and of what did not, by the scheme of the page. */
export const STATES: Readonly<Record<Palette['scheme'], StateColours>> = {
  light: {
    notice: '#FFF6DD',
    noticeInk: '#5A4100',
    good: '#E2F4E8',
    goodInk: '#14512C',
    bad: '#FDEAEA',
    badInk: '#8C1D1D',
  },
  dark: {
    notice: '#3A2F10',
    noticeInk: '#FFE3A1',
    good: '#12351F',
    goodInk: '#B4ECC6',
    bad: '#451A1A',
    badInk: '#FFC9C9',
  },
};

export const LIGHT: Palette = {
  ...STATES.light,
  scheme: 'light',
  ground: '#F3F5F7',
  card: '#FFFFFF',
  ink: '#1B2530',
  quiet: '#51606F',
  line: '#7E8E9E',
  soft: '#DFE5EA',
  action: '#1F5F8B',
  actionInk: '#FFFFFF',
  actionHover: '#174A6D',
};

export const DARK: Palette = {
  ...STATES.dark,
  scheme: 'dark',
  ground: '#11171D',
  card: '#1A222B',
  ink: '#E7EDF2',
  quiet: '#A9B7C4',
  line: '#71818F',
  soft: '#2D3944',
  action: '#8CC4EC',
  actionInk: '#0B1A26',
  actionHover: '#B1D8F4',
};

/** Where the owner has chosen no colours. */
export const DEFAULT_PALETTES: Palettes = { light: LIGHT, dark: DARK };
