import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { startChromium } from '../test/support/chromium.js';
import { PageScene } from '../test/support/page-scene.js';
import type { PageState } from '../test/support/page-state.js';
import { PAGE_STATES } from '../test/support/page-states.js';

// Takes pictures of the main states of the pages, as a phone and as a computer show them, in light and dark, from a
// gateway of its own. Fails when a page has an error on its console, breaks its security policy or asks another server for something.

const FOLDER = 'docs/screenshots';
const BYTES_MAX = 1_500_000;
const QUALITY = 30;
const GAP = 16;
const GROUND = '#7f8790';

const DEVICES = {
  phone: { width: 360, height: 640 },
  desktop: { width: 840, height: 560 },
} as const;
type Device = keyof typeof DEVICES;

/** No more of a page than a reader of the documentation looks at. */
const HEIGHT_MAX = 720;

const STATES = PAGE_STATES.filter(({ isPictured = false }) => isPictured);

const scene = await PageScene.start();
const browser = await startChromium();
const faults: string[] = [];
try {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  let bytes = 0;
  for (const state of STATES) bytes += await takeAll(browser, state);
  if (bytes > BYTES_MAX) faults.push(`${bytes} bytes of pictures are more than ${BYTES_MAX}`);
  writeFileSync(join(FOLDER, 'README.md'), indexOf(STATES));
  console.log(`${STATES.length} states, ${bytes} bytes`);
} finally {
  await browser.close();
  await scene.stop();
}
for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exitCode = 1;

/** Returns the bytes of its pictures. */
async function takeAll(from: Browser, state: PageState): Promise<number> {
  const {
    page,
    faults: found,
    close,
  } = await scene.open(from, state.viewer ?? 'anybody', {
    viewport: DEVICES.phone,
  });
  await state.open(page, scene);
  let bytes = 0;
  for (const device of ['phone', 'desktop'] as const) {
    const picture = await sideBySide(await inBothColours(page, device));
    writeFileSync(join(FOLDER, fileOf(state, device)), picture);
    bytes += picture.length;
  }
  faults.push(...found.map((fault) => `${state.name}: ${fault}`));
  await close();
  return bytes;
}

async function inBothColours(page: Page, device: Device): Promise<readonly Buffer[]> {
  const { width, height } = DEVICES[device];
  await page.setViewportSize({ width, height });
  const content = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width, height: Math.min(HEIGHT_MAX, Math.max(height, content)) });
  const pictures: Buffer[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    pictures.push(await page.screenshot({ animations: 'disabled' }));
  }
  return pictures;
}

async function sideBySide(pictures: readonly Buffer[]): Promise<Buffer> {
  const [first] = pictures;
  const { width, height } = await sharp(first).metadata();
  const placed = pictures.map((input, index) => ({
    input,
    top: GAP,
    left: GAP + index * (width + GAP),
  }));
  const size = { width: GAP + pictures.length * (width + GAP), height: height + 2 * GAP };
  return sharp({ create: { ...size, channels: 3, background: GROUND } })
    .composite(placed)
    .webp({ quality: QUALITY, effort: 6 })
    .toBuffer();
}

function fileOf({ name }: PageState, device: Device): string {
  return `${name}-${device}.webp`;
}

function indexOf(states: readonly PageState[]): string {
  const parts = states.map((state) => {
    const pictures = (['phone', 'desktop'] as const).map(
      (device) => `![${state.name}, ${device}](${fileOf(state, device)})\n`,
    );
    return `## ${state.name}\n\n${pictures.join('\n')}`;
  });
  const lead = 'Made by `npm run screenshots`: the main states of the pages, in light and dark.\n';
  return [`# Pictures of the pages\n`, lead, ...parts].join('\n');
}
