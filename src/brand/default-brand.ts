import type { Hostname } from '../shared/hostname.js';
import { LANGUAGES } from '../shared/language.js';
import type { Brand, Palette } from './brand.js';

const LIGHT: Palette = {
  ground: '#F3F5F7',
  card: '#FFFFFF',
  ink: '#1B2530',
  quiet: '#51606F',
  line: '#8393A3',
  soft: '#DFE5EA',
  action: '#1F5F8B',
  actionInk: '#FFFFFF',
  actionHover: '#174A6D',
};

const DARK: Palette = {
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

/** The look of a host whose owner has set none: its own name, and nobody else's. */
export function defaultBrand(hostname: Hostname): Brand {
  return {
    productName: hostname,
    light: LIGHT,
    dark: DARK,
    logo: null,
    logoDark: null,
    icon: null,
    radius: 10,
    font: 'system',
    headingFont: 'system',
    footerText: null,
    supportEmail: null,
    textBeforeReveal: null,
    textAtReveal: null,
    textAfterReveal: null,
    closedText: null,
    language: LANGUAGES[0],
    languages: LANGUAGES,
  };
}
