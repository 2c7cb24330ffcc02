import type { Page } from 'playwright-core';

/** Ticks the box that a page without scripts has beside a button that uses something up, if there is one. */
export async function confirm(page: Page): Promise<void> {
  for (const box of await page.getByRole('checkbox', { name: /^Yes, / }).all())
    if (await box.isVisible()) await box.check();
}
