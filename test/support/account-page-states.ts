import type { Page } from 'playwright-core';
import { clickThrough } from './chromium.js';
import type { PageScene } from './page-scene.js';
import { until } from './until.js';
import { at, submit, openAll, type PageState } from './page-state.js';

const CODES = 'form[action="/account/security/codes"]';

export const ACCOUNT_STATES: readonly PageState[] = [
  { name: 'sign-in', isPictured: true, open: at('/sign-in') },
  {
    name: 'sign-in-refused',
    open: async (page) => {
      await page.goto('/sign-in');
      await page.fill('[name=email]', 'nobody@example.com');
      await page.fill('[name=password]', 'a quiet harbour');
      await submit(page, 'form[action="/sign-in"]');
    },
  },
  { name: 'sign-in-first', open: at('/account') },
  { name: 'sign-up', isPictured: true, open: at('/sign-up') },
  {
    name: 'sign-up-sent',
    open: async (page) => {
      await page.goto('/sign-up');
      await page.fill('[name=email]', 'somebody.with.a.long.name@department.example.com');
      await submit(page, 'form[action="/sign-up"]');
    },
  },
  { name: 'new-password', open: at('/new-password') },
  {
    name: 'choose-password',
    open: async (page, scene) => page.goto(await scene.signUpLink()),
  },
  { name: 'link-ended', open: at(`/sign-up/${'0'.repeat(43)}`) },
  { name: 'account', isPictured: true, viewer: 'owner', open: at('/account') },
  {
    name: 'tokens',
    isPictured: true,
    viewer: 'owner',
    open: async (page) => {
      await page.goto('/account/tokens');
      await openAll(page);
    },
  },
  {
    name: 'token-made',
    viewer: 'basic',
    open: async (page, scene) => {
      await page.goto('/account/tokens');
      await page.fill('[name=name]', scene.name('nightly script'));
      await submit(page, 'form[action="/account/tokens"]');
    },
  },
  {
    name: 'security',
    isPictured: true,
    viewer: 'owner',
    open: async (page) => {
      await page.goto('/account/security');
      await openAll(page);
    },
  },
  {
    name: 'authenticator-app',
    viewer: 'basic',
    open: async (page) => {
      await page.goto('/account/security');
      await submit(page, 'form[action="/account/security/app"]');
      await openAll(page);
    },
  },
  {
    name: 'sign-in-code',
    open: async (page, { guarded }) => {
      await page.goto('/sign-in');
      await page.fill('[name=email]', guarded.email);
      await page.fill('[name=password]', guarded.password);
      await submit(page, 'form[action="/sign-in"]');
      await page.locator('[name=code]').waitFor();
    },
  },
  { name: 'security-guarded', viewer: 'guarded', open: at('/account/security') },
  {
    name: 'recovery-codes',
    viewer: 'guarded',
    open: async (page, scene) => {
      // Every language has the same account: the last one to sign in is the one that may ask.
      await until('the codes', async () => {
        await scene.signInAgain(page, 'guarded');
        await page.goto('/account/security');
        if ((await page.locator(CODES).count()) === 0) return false;
        await openAll(page);
        await Promise.all([page.waitForEvent('load'), submit(page, CODES)]);
        return (await page.locator('textarea').count()) > 0;
      });
    },
  },
  { name: 'sign-in-again', viewer: 'owner', open: at('/sign-in/again') },
  { name: 'sessions', isPictured: true, viewer: 'owner', open: at('/account/sessions') },
];

async function openSecret(page: Page, scene: PageScene, fields: object = {}): Promise<void> {
  await scene.shareOnDomain('of the owner', { recipient: 'recipient@example.com', ...fields });
  await page.goto('/account/secrets');
  await clickThrough(page.locator('td a').first());
  await openAll(page);
}

async function askForAddress(page: Page, scene: PageScene): Promise<void> {
  await scene.freshenSignIns();
  await page.goto('/account/email');
  if ((await page.locator('[name=email]').count()) === 0) return;
  await page.fill('[name=email]', 'a.new.and.very.long.name@department.example.com');
  await page.locator('main form button').click();
}

/** What an account has, what was done to it, its address and its end. */
export const OWNED_STATES: readonly PageState[] = [
  { name: 'account-other-plan', viewer: 'basic', open: (page) => page.goto('/account') },
  { name: 'secrets-none', viewer: 'basic', open: (page) => page.goto('/account/secrets') },
  {
    name: 'secrets',
    isPictured: true,
    viewer: 'owner',
    open: async (page, scene) => {
      await scene.shareOnDomain('of the owner', { recipient: 'recipient@example.com' });
      await page.goto('/account/secrets');
    },
  },
  { name: 'secret', viewer: 'owner', open: (page, scene) => openSecret(page, scene) },
  {
    name: 'secret-not-burned',
    viewer: 'owner',
    open: async (page, scene) => {
      await openSecret(page, scene, { passphrase: 'right and long' });
      await page.fill('[name=passphrase]', 'wrong');
      await page.locator('button.danger').click();
    },
  },
  {
    name: 'activity',
    isPictured: true,
    viewer: 'owner',
    open: (page) => page.goto('/account/activity'),
  },
  { name: 'webhooks-none', viewer: 'basic', open: (page) => page.goto('/account/webhooks') },
  {
    name: 'webhooks-refused',
    viewer: 'owner',
    open: async (page, scene) => {
      await scene.webhookPath();
      await page.goto('/account/webhooks');
      await page.fill('[name=name]', 'audit');
      await page.fill('[name=url]', `https://hooks.example.com/${'long/'.repeat(12)}`);
      await page.locator('main form button').click();
    },
  },
  {
    name: 'webhooks-kept',
    viewer: 'owner',
    open: async (page) => {
      await page.goto('/account/webhooks');
      await page.fill('[name=name]', 'audit');
      await page.fill('[name=url]', 'https://hooks.example.com/in');
      await page
        .locator('main [name=csrf]')
        .evaluate((field) => field.setAttribute('value', 'old'));
      await page.locator('main form button').click();
      await page.locator('main form [name=url][type=hidden]').waitFor({ state: 'attached' });
    },
  },
  {
    name: 'webhook',
    isPictured: true,
    viewer: 'owner',
    open: async (page, scene) => {
      await page.goto(await scene.webhookPath());
      await openAll(page);
    },
  },
  {
    name: 'webhook-secret',
    viewer: 'owner',
    open: async (page, scene) => {
      await page.goto(await scene.webhookPath());
      await openAll(page);
      await page.locator('form[action$="/secret"] button').click();
    },
  },
  {
    name: 'email',
    viewer: 'owner',
    open: async (page, scene) => {
      await scene.freshenSignIns();
      await page.goto('/account/email');
    },
  },
  { name: 'email-pending', viewer: 'basic', open: askForAddress },
  { name: 'export', viewer: 'owner', open: (page) => page.goto('/account/export') },
  {
    name: 'close',
    isPictured: true,
    viewer: 'owner',
    open: async (page, scene) => {
      await scene.freshenSignIns();
      await page.goto('/account/close');
    },
  },
  { name: 'closed', open: (page) => page.goto('/account/closed') },
];
