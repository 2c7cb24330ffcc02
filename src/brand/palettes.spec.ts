import fc from 'fast-check';
import { EDGE_CONTRAST, contrastOf, nearestColour, TEXT_CONTRAST } from './contrast.js';
import type { Palette, Palettes } from './brand.js';
import { palettesOf, type BrandColours } from './palettes.js';

const NONE: BrandColours = {
  primary: null,
  secondary: null,
  background: null,
  text: null,
  isButtonTextLight: null,
};

const hex = fc
  .integer({ min: 0, max: 0xff_ff_ff })
  .map((n) => `#${n.toString(16).padStart(6, '0').toUpperCase()}`);

const chosen: fc.Arbitrary<BrandColours> = fc.record({
  primary: fc.option(hex),
  secondary: fc.option(hex),
  background: fc.option(hex),
  text: fc.option(hex),
  isButtonTextLight: fc.option(fc.boolean()),
});

/** Every pair of colours that is on a page, with the contrast that WCAG 2.2 AA wants. */
function pairsOf(p: Palette): [string, string, string, number][] {
  const { ground, card, action, actionHover } = p;
  const field = p.scheme === 'dark' ? ground : card;
  const on = (name: string, colour: string, grounds: string[], contrast = TEXT_CONTRAST) =>
    grounds.map((under): [string, string, string, number] => [name, colour, under, contrast]);
  return [
    ...on('ink', p.ink, [ground, card, field]),
    ...on('quiet', p.quiet, [ground, card]),
    ...on('line', p.line, [ground, card], EDGE_CONTRAST),
    ...on('link', action, [ground, card]),
    ...on('link under the pointer', actionHover, [ground, card]),
    ...on('button', p.actionInk, [action, actionHover]),
    ...on('bad', p.badInk, [p.bad, card]),
    ...on('good', p.goodInk, [p.good, card]),
    ...on('notice', p.noticeInk, [p.notice]),
    ...on('danger', card, [p.badInk]),
    ...on('inverse', card, [p.ink]),
  ];
}

function expectReadable({ light, dark }: Palettes): void {
  for (const palette of [light, dark])
    for (const [name, colour, under, contrast] of pairsOf(palette))
      if (contrastOf(colour, under) < contrast)
        throw new Error(`${name}: ${colour} on ${under} has ${contrastOf(colour, under)}`);
}

function accepted(colours: Partial<BrandColours>): Palettes {
  const palettes = palettesOf({ ...NONE, ...colours });
  if (!('light' in palettes)) throw new Error(`refused ${palettes.colour}`);
  return palettes;
}

function refused(colours: Partial<BrandColours>) {
  const palettes = palettesOf({ ...NONE, ...colours });
  if ('light' in palettes) throw new Error('accepted');
  return palettes;
}

describe(palettesOf, () => {
  it('can be read by default, and is light and dark', () => {
    expectReadable(accepted({}));
    expect(accepted({}).light.scheme).toBe('light');
    expect(accepted({}).dark.scheme).toBe('dark');
  });

  it('gives colours that can be read, or the one that cannot', () => {
    fc.assert(
      fc.property(chosen, (colours) => {
        const palettes = palettesOf(colours);
        if ('light' in palettes) expectReadable(palettes);
        else if (palettes.colour !== 'isButtonTextLight')
          expect(colours[palettes.colour]).not.toBeNull();
      }),
      { numRuns: 120 },
    );
  });

  it('accepts the suggested colours, one after the other', () => {
    fc.assert(
      fc.property(chosen, (colours) => {
        let tried = colours;
        for (let step = 0; step < 5; step++) {
          const palettes = palettesOf(tried);
          if ('light' in palettes) return expectReadable(palettes);
          const { colour, nearest } = palettes;
          if (nearest === null) return;
          tried = { ...tried, [colour]: nearest };
          const after = palettesOf(tried);
          if (!('light' in after)) expect(after.colour).not.toBe(colour);
        }
        throw new Error(`no end for ${JSON.stringify(colours)}`);
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ['a yellow button', { primary: '#FFD400' }, 'primary'],
    ['the blue of upstream', { primary: '#3B82F6' }, 'primary'],
    ['grey text', { text: '#AAAAAA' }, 'text'],
    ['a grey page', { background: '#777777' }, 'background'],
    ['a pale second colour', { primary: '#0B3D91', secondary: '#FFEEEE' }, 'secondary'],
    [
      'black text on a dark button',
      { primary: '#101010', isButtonTextLight: false },
      'isButtonTextLight',
    ],
  ] as const)('refuses %s', (_name, colours, colour) => {
    expect(refused(colours).colour).toBe(colour);
  });

  it('keeps the hue of the colour that it suggests, and stays close', () => {
    const { nearest } = refused({ primary: '#3B82F6' });
    // A little darker: 4.5 to 1 on the default ground.
    expect(nearest).toMatch(/^#[0-9A-F]{6}$/);
    expect(contrastOf(nearest ?? '', '#F3F5F7')).toBeLessThan(4.75);
    expect(Number.parseInt(nearest?.slice(5) ?? '', 16)).toBeGreaterThan(0xd0);
  });

  it('makes dark pages for everybody from a dark background', () => {
    const { light, dark } = accepted({ background: '#101418' });
    expect(light).toBe(dark);
    expect(light.scheme).toBe('dark');
  });

  it('keeps what the owner chose', () => {
    const { light } = accepted({
      primary: '#7A1F5C',
      secondary: '#4F0F3A',
      background: '#FBF3E4',
      text: '#2A1B10',
    });
    expect(light).toMatchObject({
      action: '#7A1F5C',
      actionHover: '#4F0F3A',
      ground: '#FBF3E4',
      ink: '#2A1B10',
    });
  });
});

describe(nearestColour, () => {
  it('is the colour itself where that passes, and null where nothing does', () => {
    expect(nearestColour('#000000', () => true)).toBe('#000000');
    expect(nearestColour('#123456', () => false)).toBeNull();
  });
});
