import type { Page } from 'playwright-core';
import type { PageScene, Viewer } from './page-scene.js';

/** What a page may weigh with all that it loads. */
export type Budget = 'reveal' | 'create' | 'setup';

/** One state of one page. The checks of all states and the screenshots walk them in every language. */
export interface PageState {
  /** Of its pictures too. */
  readonly name: string;
  readonly viewer?: Viewer;
  readonly budget?: Budget;
  /** In docs/screenshots. */
  readonly isPictured?: true;
  /** Leaves a page of the viewer in this state. It may not depend on the language. */
  readonly open: (page: Page, scene: PageScene) => Promise<unknown>;
}

export const at =
  (path: string) =>
  (page: Page): Promise<unknown> =>
    page.goto(path);

/** Presses the first button of the form. */
export const submit = (
  page: Page,
  form: string,
  button = 'button:not([type=button])',
): Promise<void> => page.locator(`${form} ${button}`).first().click();

/** As a reader does it: what moves by a press has not moved by itself. */
export async function openAll(page: Page): Promise<void> {
  const closed = page.locator('details:not([open]) > summary');
  for (let count = await closed.count(); count > 0; count -= 1) await closed.first().click();
}
