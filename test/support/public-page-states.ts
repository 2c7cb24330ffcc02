import type { Page } from 'playwright-core';
import type { DomainState, PageScene } from './page-scene.js';
import { at, submit, openAll, type PageState } from './page-state.js';

const MESSAGE = 'The door code is 4711.\nIt changes on Monday, and then again in June.\n';

const PASSPHRASE = 'open sesame';

const CREATE = 'form[action="/"]';

async function create(page: Page, message: string): Promise<void> {
  await page.goto('/');
  await page.fill('[name=secret]', message);
  await submit(page, CREATE);
}

async function reveal(page: Page, link: string, passphrase?: string): Promise<void> {
  await page.goto(link);
  if (passphrase !== undefined) await page.fill('[name=passphrase]', passphrase);
  await submit(page, 'form[action^="/secret/"]');
}

async function onDomain(page: Page, scene: PageScene, state: DomainState): Promise<void> {
  const { secret_key } = await scene.shareOnDomain(MESSAGE, {}, state);
  await page.goto(`${scene.customOrigin(state)}/secret/${secret_key}`);
}

export const PUBLIC_STATES: readonly PageState[] = [
  { name: 'create', isPictured: true, budget: 'create', open: at('/') },
  {
    name: 'create-options',
    open: async (page) => {
      await page.goto('/');
      await openAll(page);
    },
  },
  { name: 'create-refused', open: (page) => create(page, '\u200B') },
  { name: 'created', isPictured: true, budget: 'create', open: (page) => create(page, MESSAGE) },
  {
    name: 'created-generated',
    open: async (page) => {
      await page.goto('/');
      await submit(page, CREATE, '[value=generate]');
      await openAll(page);
    },
  },
  {
    name: 'envelope',
    isPictured: true,
    budget: 'reveal',
    open: async (page, scene) => page.goto(`/secret/${(await scene.share(MESSAGE)).secret_key}`),
  },
  {
    name: 'envelope-passphrase',
    isPictured: true,
    budget: 'reveal',
    open: async (page, scene) => {
      const { secret_key } = await scene.share(MESSAGE, { passphrase: PASSPHRASE });
      await page.goto(`/secret/${secret_key}`);
    },
  },
  {
    name: 'envelope-wrong-passphrase',
    open: async (page, scene) => {
      const { secret_key } = await scene.share(MESSAGE, { passphrase: PASSPHRASE });
      await reveal(page, `/secret/${secret_key}`, 'not this one');
    },
  },
  {
    name: 'envelope-unconfirmed',
    open: async (page, scene) => {
      await page.goto(`/secret/${(await scene.share(MESSAGE)).secret_key}`);
      const form = page.locator('form[action^="/secret/"]');
      // As a program does it: no person has pressed anything.
      await form.evaluate((element) => (element as unknown as HTMLFormElement).submit());
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'revealed',
    isPictured: true,
    budget: 'reveal',
    open: async (page, scene) => reveal(page, `/secret/${(await scene.share(MESSAGE)).secret_key}`),
  },
  {
    name: 'revealed-long',
    open: async (page, scene) => {
      const long = `${'w'.repeat(400)}\n${'a b '.repeat(400)}\n\u0633\u0644\u0627\u0645`;
      await reveal(page, `/secret/${(await scene.share(long)).secret_key}`);
    },
  },
  { name: 'gone', isPictured: true, budget: 'reveal', open: at('/secret/nothing') },
  {
    name: 'receipt',
    isPictured: true,
    open: async (page, scene) => {
      const { metadata_key } = await scene.share(MESSAGE, { passphrase: PASSPHRASE });
      await page.goto(`/receipt/${metadata_key}`);
      await openAll(page);
    },
  },
  {
    name: 'receipt-opened',
    open: async (page, scene) => page.goto(`/receipt/${(await scene.received()).metadata_key}`),
  },
  {
    name: 'receipt-deleted',
    open: async (page, scene) => page.goto(`/receipt/${(await scene.burned()).metadata_key}`),
  },
  { name: 'not-found', isPictured: true, open: at('/nothing/here') },
  {
    name: 'refused',
    open: async (page, scene) => {
      const action = `${scene.origin}/secret/nothing`;
      await page.goto('about:blank');
      await page.setContent(`<form method="post" action="${action}"><button>Go</button></form>`);
      await submit(page, 'form');
    },
  },
  { name: 'unsubscribe', open: async (page, scene) => page.goto(await scene.unsubscribeLink()) },
  { name: 'domain-private', open: (page, scene) => page.goto(scene.customOrigin()) },
  {
    name: 'domain-envelope',
    isPictured: true,
    budget: 'reveal',
    open: (page, scene) => onDomain(page, scene, 'serving'),
  },
  {
    name: 'domain-revealed',
    budget: 'reveal',
    open: async (page, scene) => {
      await onDomain(page, scene, 'serving');
      await submit(page, 'form[action^="/secret/"]');
    },
  },
  {
    name: 'domain-gone',
    budget: 'reveal',
    open: (page, scene) => page.goto(`${scene.customOrigin()}/secret/nothing`),
  },
];

/** The palest colours that are allowed. */
export const PALE_STATES: readonly PageState[] = [
  {
    name: 'pale-create',
    budget: 'create',
    open: async (page, scene) => {
      await page.goto(scene.customOrigin('pale'));
      await openAll(page);
    },
  },
  {
    name: 'pale-created',
    open: async (page, scene) => {
      await page.goto(scene.customOrigin('pale'));
      await page.fill('[name=secret]', MESSAGE);
      await submit(page, CREATE);
      await openAll(page);
    },
  },
  {
    name: 'pale-refused',
    open: async (page, scene) => {
      await page.goto(scene.customOrigin('pale'));
      await page.fill('[name=secret]', '\u200B');
      await submit(page, CREATE);
    },
  },
  {
    name: 'pale-envelope',
    budget: 'reveal',
    open: (page, scene) => onDomain(page, scene, 'pale'),
  },
  {
    name: 'pale-revealed',
    budget: 'reveal',
    open: async (page, scene) => {
      await onDomain(page, scene, 'pale');
      await submit(page, 'form[action^="/secret/"]');
    },
  },
  {
    name: 'pale-receipt',
    open: async (page, scene) => {
      const { metadata_key } = await scene.shareOnDomain(MESSAGE, {}, 'pale');
      await page.goto(`${scene.customOrigin('pale')}/receipt/${metadata_key}`);
      await openAll(page);
    },
  },
  { name: 'pale-not-found', open: (page, scene) => page.goto(`${scene.customOrigin('pale')}/x`) },
];
