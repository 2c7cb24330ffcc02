import type { Browser } from 'playwright-core';
import { directionOf, LANGUAGES, type Language } from '../../src/shared/language.js';
import { describeInChromium, startChromium, type WatchedPage } from '../support/chromium.js';
import {
  layoutShifts,
  motions,
  overBudget,
  paleTexts,
  unreadable,
  violations,
  watchLayoutShifts,
} from '../support/page-checks.js';
import { until } from '../support/until.js';
import { PageScene, type Viewer } from '../support/page-scene.js';
import type { PageState } from '../support/page-state.js';
import { PAGE_STATES } from '../support/page-states.js';

const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 320, height: 640 };

let scene: PageScene;
let browser: Browser;
const opened = new Map<string, Promise<WatchedPage>>();

/** One profile for each viewer and language, for all states. */
function profile(viewer: Viewer, language: Language): Promise<WatchedPage> {
  const key = `${viewer} ${language}`;
  const page = opened.get(key) ?? newProfile(viewer, language);
  opened.set(key, page);
  return page;
}

async function newProfile(viewer: Viewer, language: Language): Promise<WatchedPage> {
  const viewport = language === 'en' ? DESKTOP : PHONE;
  const watched = await scene.open(browser, viewer, { language, viewport });
  await watchLayoutShifts(watched.page.context());
  return watched;
}

/** Opens the state and looks for what is wrong with it. Empty lists everywhere are right. */
async function visit(state: PageState, language: Language): Promise<Record<string, unknown>> {
  const { page, faults } = await profile(state.viewer ?? 'anybody', language);
  const before = faults.length;
  await page.setViewportSize(language === 'en' ? DESKTOP : PHONE);
  await page.emulateMedia({ colorScheme: 'light', forcedColors: 'none', reducedMotion: null });
  await state.open(page, scene);
  await page.locator('h1').waitFor();
  await page.waitForLoadState();
  const wrong: Record<string, unknown> = {};
  const check = async (name: string, list: Promise<readonly unknown[]>): Promise<void> => {
    const result = await list;
    if (result.length > 0) wrong[`${language}, ${name}`] = result;
  };
  await check('moved by itself', layoutShifts(page));
  const shown = await page.evaluate(() => [document.documentElement.lang, document.dir]);
  if (shown.join() !== [language, directionOf(language)].join()) wrong['language'] = shown;

  if (language === 'en') {
    if (state.budget !== undefined) await check('budget', overBudget(page, state.budget));
    await check('desktop, light', violations(page));
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize(PHONE);
    await check('320 px, dark', violations(page));
    await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
    await check('forced colours', paleTexts(page));
    await check('forced colours, readable', unreadable(page));
    await check('reduced motion', motions(page));
    await page.emulateMedia({ colorScheme: 'light', forcedColors: 'none' });
  }
  if (directionOf(language) === 'rtl') await check('320 px, light', violations(page));
  await check('readable', unreadable(page));
  await check('faults', Promise.resolve(faults.slice(before)));
  return wrong;
}

describeInChromium('every state of every page', () => {
  beforeAll(async () => {
    scene = await PageScene.start();
    browser = await startChromium();
  });
  afterAll(async () => {
    await browser.close();
    await scene.stop();
  });

  // Accessible by WCAG 2.2 AA, nothing cut, nothing moves, within its budget, no error on the console.
  it.each(PAGE_STATES)('$name: is accessible and readable in six languages', async (state) => {
    const results = await Promise.all(LANGUAGES.map((language) => visit(state, language)));
    expect(Object.assign({}, ...results)).toEqual({});
  });

  it('would be seen to be wrong', async () => {
    const { page, close } = await scene.open(browser, 'anybody', { viewport: PHONE });
    await watchLayoutShifts(page.context());
    await page.goto('about:blank');
    await page.setContent(`<!doctype html><body style="background: white"><p id="above"></p>
      <p>first</p><p style="margin-top: -2.2em">second</p>
      <p style="white-space: nowrap; width: 5em; overflow: hidden">longer than its box is</p>
      <p style="white-space: nowrap">${'far outside of the window '.repeat(4)}</p>
      <select style="width: 4em"><option>wider than the field</option></select>
      <p style="color: #eee; transition: color 1s">pale</p>`);
    await page.evaluate(() => {
      const above = document.querySelector('#above');
      requestAnimationFrame(() => requestAnimationFrame(() => above?.append('and one more line')));
    });
    expect(await unreadable(page)).toEqual(
      expect.arrayContaining([
        expect.stringContaining('pixels wide'),
        expect.stringContaining('cut: "longer'),
        expect.stringContaining('cut: "far outside'),
        expect.stringContaining('no room in its field: "wider'),
        expect.stringContaining('one on the other: "first" and "second"'),
      ]),
    );
    expect(await paleTexts(page)).toEqual([expect.stringContaining('pale')]);
    expect(await motions(page)).toEqual([expect.stringContaining('pale')]);
    expect((await violations(page)).join()).toContain('color-contrast');
    await until('it has moved', async () => (await layoutShifts(page)).length > 0);
    await close();
  });
});
