import type { Page } from 'playwright-core';

const TABS_MAX = 80;

/** Moves the focus to the element as somebody without a mouse does. Throws where it cannot be seen on the way. */
export async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < TABS_MAX; presses += 1) {
    if (await hasFocus(page, selector)) return;
    await page.keyboard.press('Tab');
    const unseen = await unseenFocus(page);
    if (unseen !== null) throw new Error(`the focus is not seen on ${unseen}`);
  }
  throw new Error(`no tab leads to ${selector}`);
}

/** Moves the focus to the element and presses the key on it. */
export async function pressOn(page: Page, selector: string, key = 'Enter'): Promise<void> {
  await tabTo(page, selector);
  await page.keyboard.press(key);
}

/** Presses Enter on the element, or where the focus is, and waits for the page that it leads to. */
export async function follow(page: Page, selector?: string): Promise<void> {
  if (selector !== undefined) await tabTo(page, selector);
  const loaded = page.waitForEvent('load');
  await page.keyboard.press('Enter');
  await loaded;
}

export async function typeInto(page: Page, selector: string, text: string): Promise<void> {
  await tabTo(page, selector);
  await page.keyboard.type(text);
}

function hasFocus(page: Page, selector: string): Promise<boolean> {
  return page.evaluate((wanted) => document.activeElement?.matches(wanted) === true, selector);
}

/** The element that has the focus without a ring of two pixels inside the window; null when all is well. */
function unseenFocus(page: Page): Promise<string | null> {
  return page.evaluate(() => {
    const element = document.activeElement;
    // Behind the last element, the browser's own bars have the focus.
    if (element === null || element === document.body) return null;
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(element);
    const { top, bottom, left, right, width, height } = element.getBoundingClientRect();
    const isInside = bottom > 0 && right > 0 && top < innerHeight && left < innerWidth;
    const hasRing =
      outlineStyle !== 'none' &&
      Number.parseFloat(outlineWidth) >= 2 &&
      !outlineColor.endsWith(', 0)');
    return isInside && hasRing && width > 1 && height > 1 ? null : element.outerHTML.slice(0, 120);
  });
}
