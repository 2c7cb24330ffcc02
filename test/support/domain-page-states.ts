import type { Page } from 'playwright-core';
import { at, submit, openAll, type PageState } from './page-state.js';

async function look(page: Page, name: string): Promise<void> {
  await page.goto('/domains/add');
  await page.fill('[name=domain]', name);
  await submit(page, 'form[action="/domains/look"]');
}

/** The live connection stands, so that nothing of the page is still to come. */
async function setup(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await openAll(page);
}

export const DOMAIN_STATES: readonly PageState[] = [
  { name: 'domains', isPictured: true, viewer: 'owner', open: at('/domains') },
  { name: 'domains-other-plan', viewer: 'basic', open: at('/domains') },
  {
    name: 'domain-add',
    isPictured: true,
    viewer: 'owner',
    budget: 'setup',
    open: at('/domains/add'),
  },
  {
    name: 'domain-look',
    viewer: 'owner',
    open: (page) => look(page, 'used.acme.test'),
  },
  { name: 'domain-look-refused', viewer: 'owner', open: (page) => look(page, 'not a name') },
  {
    name: 'setup-new',
    isPictured: true,
    viewer: 'owner',
    budget: 'setup',
    open: (page, scene) => setup(page, scene.pathOf('claimed')),
  },
  {
    name: 'setup-offered',
    viewer: 'owner',
    budget: 'setup',
    open: (page, scene) => setup(page, scene.pathOf('offered')),
  },
  {
    name: 'setup-apex',
    viewer: 'owner',
    budget: 'setup',
    open: (page, scene) => setup(page, scene.pathOf('apex')),
  },
  {
    name: 'setup-moving',
    viewer: 'owner',
    budget: 'setup',
    open: (page, scene) => setup(page, scene.pathOf('moving')),
  },
  {
    name: 'domain-transfer-moving',
    viewer: 'owner',
    open: (page, scene) => page.goto(`${scene.pathOf('moving')}/transfer`),
  },
  {
    name: 'setup-returned',
    viewer: 'owner',
    open: async (page, scene) => page.goto(await scene.returnPath()),
  },
  { name: 'setup-return-ended', open: at('/domain-connect/return/x') },
  {
    name: 'setup-mistake',
    isPictured: true,
    viewer: 'owner',
    budget: 'setup',
    open: (page, scene) => setup(page, scene.pathOf('mistaken')),
  },
  {
    name: 'setup-serving',
    isPictured: true,
    viewer: 'owner',
    budget: 'setup',
    open: (page, scene) => setup(page, scene.pathOf('serving')),
  },
  {
    name: 'setup-links',
    viewer: 'owner',
    open: async (page, scene) => {
      await scene.setupLink();
      await page.goto(`${scene.pathOf('mistaken')}/links`);
    },
  },
  {
    name: 'setup-link-visited',
    isPictured: true,
    budget: 'setup',
    open: async (page, scene) => setup(page, await scene.setupLink()),
  },
  { name: 'setup-link-ended', open: at(`/setup/${'0'.repeat(32)}`) },
  {
    name: 'domain-policy',
    viewer: 'owner',
    budget: 'setup',
    open: (page, scene) => page.goto(`${scene.pathOf('serving')}/policy`),
  },
  {
    name: 'domain-policy-refused',
    viewer: 'owner',
    open: async (page, scene) => {
      await page.goto(`${scene.pathOf('serving')}/policy`);
      await page.selectOption('[name=max_ttl]', '3600');
      await page.selectOption('[name=default_ttl]', '604800');
      await page.fill('[name=passphrase_min_length]', '2');
      await submit(page, 'form[action$="/policy"]');
    },
  },
  {
    name: 'domain-images',
    viewer: 'owner',
    budget: 'setup',
    open: (page, scene) => page.goto(`${scene.pathOf('serving')}/images`),
  },
  {
    name: 'domain-images-refused',
    viewer: 'owner',
    open: async (page, scene) => {
      await page.goto(`${scene.pathOf('serving')}/images`);
      const file = { name: 'logo.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('<svg/>') };
      await page.setInputFiles('#logo-dark', file);
      await submit(page, 'form[action$="/logo-dark"]');
    },
  },
  {
    name: 'domain-brand',
    isPictured: true,
    viewer: 'owner',
    budget: 'setup',
    open: (page, scene) => page.goto(`${scene.pathOf('serving')}/brand`),
  },
  {
    name: 'domain-brand-refused',
    viewer: 'owner',
    open: async (page, scene) => {
      await page.goto(`${scene.pathOf('serving')}/brand`);
      await page.fill('[name=primary_color]', '#9AD0F5');
      await page.fill(
        '[name=product_name]',
        'A name that is far longer than any name may be '.repeat(2),
      );
      await submit(page, 'form[action$="/brand"]', '> button:not(.unseen)');
    },
  },
  {
    name: 'domain-transfer',
    viewer: 'owner',
    open: (page, scene) => page.goto(`${scene.pathOf('serving')}/transfer`),
  },
  {
    name: 'domain-transfer-code',
    viewer: 'owner',
    open: async (page, scene) => {
      await page.goto(`${scene.pathOf('serving')}/transfer`);
      await submit(page, 'form[action$="/transfer"]');
    },
  },
  {
    name: 'domain-receive-refused',
    viewer: 'owner',
    open: async (page) => {
      await page.goto('/domains/code');
      await page.fill('[name=code]', 'eu-0000-0000-0000-0000');
      await submit(page, 'form[action="/domains/code"]');
    },
  },
  {
    name: 'domain-remove',
    viewer: 'owner',
    open: async (page, scene) => {
      await page.goto(`${scene.pathOf('serving')}/remove`);
      await page.fill('[name=name]', 'another.acme.test');
      await submit(page, 'form[action$="/remove"]');
    },
  },
];
