import type { Page } from 'playwright-core';
import { OWNED_STATES } from './account-page-states.js';
import type { DomainState, PageScene, Viewer } from './page-scene.js';

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

const MESSAGE = 'The door code is 4711.\nIt changes on Monday, and then again in June.\n';
const PASSPHRASE = 'open sesame';

const at =
  (path: string) =>
  (page: Page): Promise<unknown> =>
    page.goto(path);

/** Presses the first button of the form. */
const submit = (page: Page, form: string, button = 'button:not([type=button])'): Promise<void> =>
  page.locator(`${form} ${button}`).first().click();

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

/** As a reader does it: what moves by a press has not moved by itself. */
async function openAll(page: Page): Promise<void> {
  const closed = page.locator('details:not([open]) > summary');
  for (let count = await closed.count(); count > 0; count -= 1) await closed.first().click();
}

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

const PUBLIC: readonly PageState[] = [
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
const PALE: readonly PageState[] = [
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

const ACCOUNT: readonly PageState[] = [
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
  { name: 'sessions', isPictured: true, viewer: 'owner', open: at('/account/sessions') },
];

const DOMAINS: readonly PageState[] = [
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
    name: 'domain-remove',
    viewer: 'owner',
    open: async (page, scene) => {
      await page.goto(`${scene.pathOf('serving')}/remove`);
      await page.fill('[name=name]', 'another.acme.test');
      await submit(page, 'form[action$="/remove"]');
    },
  },
];

export const PAGE_STATES: readonly PageState[] = [
  ...PUBLIC,
  ...PALE,
  ...ACCOUNT,
  ...OWNED_STATES,
  ...DOMAINS,
];
