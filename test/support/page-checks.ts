import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { BrowserContext, Page } from 'playwright-core';
import type { Budget } from './page-state.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const CONTRAST_MIN = 4.5;

const KIB = 1024;
const REQUESTS_MAX = 4;
const BYTES_MAX: Readonly<Record<Budget, number>> = {
  reveal: 30 * KIB,
  create: 40 * KIB,
  setup: 60 * KIB,
};

/** The rules of WCAG 2.2 AA that axe-core sees broken. */
export async function violations(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(AXE);
  await settled(page);
  return page.evaluate(async (values) => {
    const { axe } = globalThis as unknown as { axe: typeof import('axe-core') };
    const options = {
      preload: false,
      runOnly: { type: 'tag', values },
      resultTypes: ['violations'],
    } satisfies import('axe-core').RunOptions;
    const { violations: found } = await axe.run(document, options);
    return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  }, TAGS);
}

/**
 * Texts that the reader's own colours hide. Not by axe-core, which reads another colour than the one that a browser
 * draws when it forces colours.
 */
export async function paleTexts(page: Page): Promise<string[]> {
  await settled(page);
  return page.evaluate((contrastMin) => {
    const lightOf = (colour: string): number => {
      const parts = (/[\d., ]+/.exec(colour)?.[0] ?? '').split(',').map(Number);
      const [red = 0, green = 0, blue = 0] = parts.map((part) => {
        const share = part / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const groundOf = (element: Element): string => {
      const { backgroundColor } = getComputedStyle(element);
      const isClear = backgroundColor.endsWith(', 0)');
      return isClear && element.parentElement !== null
        ? groundOf(element.parentElement)
        : backgroundColor;
    };
    return [...document.querySelectorAll<HTMLElement>('body *')]
      .filter((each) => each.checkVisibility() && each.matches(':not(script, :disabled)'))
      .filter((each) => [...each.childNodes].some((node) => node.nodeName === '#text'))
      .filter((each) => {
        const [one, other] = [lightOf(getComputedStyle(each).color), lightOf(groundOf(each))];
        return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05) < contrastMin;
      })
      .map(({ outerHTML }) => outerHTML.slice(0, 80));
  }, CONTRAST_MIN);
}

/** The page is drawn as it is now, and no colour is on its way to another. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    for (let frames = 0; frames < 2; frames += 1)
      await new Promise((resolve) => requestAnimationFrame(resolve));
    for (const change of document.getAnimations()) change.finish();
  });
}

interface LayoutShift {
  readonly value: number;
  readonly hadRecentInput: boolean;
  readonly sources: readonly { readonly node: Node | null }[];
}

/** Notes what moves by itself on the pages of this profile: see layoutShifts(). */
export async function watchLayoutShifts(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const seen: string[] = [];
    Object.assign(globalThis, { layoutShifts: seen });
    const observer = new PerformanceObserver((list) => {
      for (const each of list.getEntries() as unknown as readonly LayoutShift[]) {
        const moved = each.sources.map(({ node }) => node?.textContent?.trim().slice(0, 60));
        if (!each.hadRecentInput) seen.push(`${each.value}: ${moved.join(' | ')}`);
      }
    });
    observer.observe({ type: 'layout-shift', buffered: true });
  });
}

/** What has moved, and how much as browsers score it, without what a press of the reader has moved. */
export async function layoutShifts(page: Page): Promise<readonly string[]> {
  await settled(page);
  return page.evaluate(() => {
    const { layoutShifts: seen } = globalThis as unknown as { layoutShifts: readonly string[] };
    return [...seen];
  });
}

/**
 * What is above the budget: the page and all that it loads as compressed on the wire, its icon too. Without the stream
 * of events of a page that follows something.
 */
export async function overBudget(page: Page, budget: Budget): Promise<string[]> {
  const { bytes, requests } = await page.evaluate(async () => {
    const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]');
    // A headless browser does not load it.
    if (icon !== null) await (await fetch(icon.href)).arrayBuffer();
    const entries = [
      ...performance.getEntriesByType('navigation'),
      ...performance.getEntriesByType('resource'),
    ] as unknown as { readonly name: string; readonly encodedBodySize: number }[];
    const loaded = entries.filter(({ name }) => !name.endsWith('/events'));
    return {
      requests: new Set(loaded.map(({ name }) => name)).size,
      bytes: loaded.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
    };
  });
  return [
    ...(bytes === 0 || bytes > BYTES_MAX[budget] ? [`${bytes} bytes`] : []),
    ...(requests > REQUESTS_MAX ? [`${requests} requests`] : []),
  ];
}

/** What a reader of this window cannot read: cut, outside, or below another text. */
export function unreadable(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const { clientWidth: width, scrollWidth } = document.documentElement;
    const nameOf = (text: string): string => JSON.stringify(text.trim().slice(0, 60));
    const ancestorsOf = (element: Element): Element[] => {
      const parent = element.parentElement;
      return parent === null ? [element] : [element, ...ancestorsOf(parent)];
    };
    /** For screen readers only. */
    const isHidden = (element: Element): boolean =>
      !element.checkVisibility({ visibilityProperty: true }) ||
      ancestorsOf(element).some((each) => getComputedStyle(each).clipPath !== 'none');

    if (scrollWidth > width) found.push(`the page is ${scrollWidth} pixels wide`);

    interface Piece {
      readonly text: string;
      readonly box: DOMRect;
    }
    const pieces: Piece[] = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
      const element = node.parentElement;
      const text = node.textContent ?? '';
      if (text.trim() === '' || element === null || element.matches('script, option, textarea'))
        continue;
      if (isHidden(element)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const boxes = [...range.getClientRects()].filter((box) => box.width > 1);
      pieces.push(...boxes.map((box) => ({ text, box })));
      const clipping = ancestorsOf(element).filter(
        (each) =>
          each !== document.documentElement && getComputedStyle(each).overflowX !== 'visible',
      );
      const frames = [
        { left: 0, right: width },
        ...clipping.map((each) => each.getBoundingClientRect()),
      ];
      const isCut = boxes.some((box) =>
        frames.some(({ left, right }) => box.left < left - 1 || box.right > right + 1),
      );
      if (isCut) found.push(`cut: ${nameOf(text)}`);
    }

    for (const element of document.querySelectorAll<HTMLElement>('body *')) {
      if (element.clientWidth === 0 || isHidden(element)) continue;
      // What somebody types may be longer than its field.
      if (element.matches('input, select, svg, svg *')) continue;
      if (element.scrollWidth > element.clientWidth + 1)
        found.push(`wider than its box: ${element.localName} ${nameOf(element.innerText)}`);
    }

    const pen = document.createElement('canvas').getContext('2d');
    const fields = document.querySelectorAll<HTMLInputElement | HTMLSelectElement>(
      'select, input[placeholder]',
    );
    for (const field of fields) {
      if (pen === null || isHidden(field)) continue;
      const { font, paddingLeft, paddingRight } = getComputedStyle(field);
      pen.font = font;
      const shown =
        field instanceof HTMLSelectElement
          ? [...field.options].map(({ text }) => text)
          : [field.placeholder];
      // Beside its text a choice has an arrow.
      const arrow = field instanceof HTMLSelectElement ? 20 : 0;
      const room =
        field.clientWidth -
        Number.parseFloat(paddingLeft) -
        Number.parseFloat(paddingRight) -
        arrow;
      for (const text of shown)
        if (pen.measureText(text).width > room) found.push(`no room in its field: ${nameOf(text)}`);
    }

    for (const [index, { text, box }] of pieces.entries()) {
      for (const other of pieces.slice(index + 1)) {
        const across = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
        const down = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
        if (across > 2 && down > 4)
          found.push(`one on the other: ${nameOf(text)} and ${nameOf(other.text)}`);
      }
    }
    return found;
  });
}

/** What moves although the reader wants nothing to move. */
export function motions(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('body *')]
      .filter((element) => {
        const { transitionDuration, animationName } = getComputedStyle(element);
        return (
          transitionDuration.split(', ').some((each) => each !== '0s') || animationName !== 'none'
        );
      })
      .map((element) => element.outerHTML.slice(0, 60)),
  );
}
