import type { ConcealOffer } from '../../../secrets/conceal-offer.js';
import { PASSPHRASE_LENGTH } from '../../../shared/conceal-bounds.js';
import { DAY_SECONDS } from '../../../shared/durations.js';
import { type ComponentChild, Fragment, h } from 'preact';
import {
  aReceipt,
  aReceivedReceipt,
  METADATA_KEY,
  SECRET_KEY,
  TENANT,
} from '../../../../test/fakes/sample-values.js';
import { PLANS } from '../../../accounts/plans.js';
import { pageOf } from '../../frame/page.js';
import decodeQr from 'qr/decode.js';
import { SCRIPT } from '../../frame/served-files.js';
import type { PageFrame } from '../../frame/frame.js';
import { textsIn } from '../../messages/messages.js';
import { LANGUAGES, type Language } from '../../../shared/language.js';
import { brandOf } from '../../../brand/brand-of.js';
import { NO_LOOK } from '../../../domains/domain-look.js';
import { CreatePage } from './create-page.js';
import { CreatedPage } from './created-page.js';
import { EnvelopePage } from './envelope-page.js';
import { ErrorPage } from './error-page.js';
import { GonePage } from './gone-page.js';
import { GeneratedValuePage, ReceiptPage } from './receipt-page.js';
import { PrivatePage } from './private-page.js';
import { RevealedPage } from './revealed-page.js';

const LINK = `https://eu.onetime.localhost/secret/${SECRET_KEY}`;
const NONCE = 'a-nonce';
const NONCES = { burn: 'burn-nonce', value: 'value-nonce' };
const OFFER: ConcealOffer = {
  ...PLANS.anonymous,
  ttlSecondsDefault: 7 * DAY_SECONDS,
  isPassphraseRequired: false,
  passphraseLength: PASSPHRASE_LENGTH,
};
const FORM = { offer: OFFER, nonce: NONCE };
const CREATED = {
  receipt: aReceipt(),
  link: LINK,
  generatedValue: null,
  nonces: NONCES,
  mail: null,
};
const EVIL = `</textarea><script>alert("1")</script>&amp;'"`;
const EVIL_ESCAPED = '&lt;/textarea>&lt;script>alert(&quot;1&quot;)&lt;/script>&amp;amp;';

const frameIn = (language: Language): PageFrame => ({
  tenant: TENANT,
  path: '/',
  brand: brandOf({ hostname: TENANT.hostname, look: NO_LOOK }),
  language,
  texts: textsIn(language),
  switches: [],
  csrf: null,
  chosen: null,
});

const html = (view: ComponentChild, language: Language = 'en'): string =>
  pageOf(frameIn(language), () => h(Fragment, null, view), {}).body;

/** The first textarea's value in a browser, which drops one newline after the tag (HTML 13.2.6.4.7). */
function textareaValue(page: string): string {
  const [, content = ''] = /<textarea[^>]*>([^]*?)<\/textarea>/.exec(page) ?? [];
  return content
    .replace(/^\n/, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}

const VIEWS: readonly (readonly [string, ComponentChild])[] = [
  ['the form', h(CreatePage, FORM)],
  ['the form with an error', h(CreatePage, { ...FORM, value: 'typed', alert: 'no' })],
  ['the link', h(CreatedPage, { ...CREATED, receipt: aReceipt({ hasPassphrase: true }) })],
  [
    'a link to mail',
    h(CreatedPage, { ...CREATED, mail: { action: '/receipt/k/mail', to: 'a"b', isOpen: true } }),
  ],
  ['the envelope', h(EnvelopePage, { nonce: NONCE, linkKey: SECRET_KEY, hasPassphrase: true })],
  ['the message', h(RevealedPage, { value: 'v' })],
  ['gone', h(GonePage, {})],
  [
    'a receipt',
    h(ReceiptPage, { nonces: NONCES, receipt: aReceipt({ hasPassphrase: true }), link: LINK }),
  ],
  [
    'a received receipt',
    h(ReceiptPage, { nonces: NONCES, receipt: aReceivedReceipt(), link: null }),
  ],
  ['a generated value', h(GeneratedValuePage, { metadataKey: METADATA_KEY, value: 'v' })],
  ['no form', h(PrivatePage, { typed: '' })],
  ['an error', h(ErrorPage, { title: 't', text: 'x' })],
];

it('a name in a heading breaks after its dots', () => {
  const page = html(h(ErrorPage, { title: 'secrets.acme.test is gone. Sorry.', text: 'x' }), 'ar');
  expect(page).toContain('<h1>secrets.<wbr/>acme.<wbr/>test is gone. Sorry.</h1>');
});

describe.each(LANGUAGES)('every page in %s', (language) => {
  it.each(VIEWS)(
    '%s is one document with one heading, and no script but our own',
    (_name, view) => {
      const page = html(view, language).replace(`<script>${SCRIPT.text}</script>`, '');
      const direction = language === 'ar' ? 'rtl' : 'ltr';
      expect(page).toMatch(
        new RegExp(`^<!doctype html><html lang="${language}" dir="${direction}">`),
      );
      expect(page.match(/<h1>/g)).toHaveLength(1);
      expect(page).toContain('name="viewport"');
      expect(page).not.toMatch(
        /<script|<img|<iframe|style=|\son\w+=|javascript:|https?:\/\/(?!eu\.)/,
      );
    },
  );

  it.each(VIEWS)('%s labels each of its fields', (_name, view) => {
    const page = html(view, language);
    const fields = page.match(/<(?:input(?! type="hidden")|textarea|select)\b[^>]*>/g) ?? [];
    for (const field of fields) {
      const [, id = ''] = / id="([^"]+)"/.exec(field) ?? [];
      expect(page).toMatch(new RegExp(`<label for="${id}"[ >]`));
    }
  });

  it.each(VIEWS)('%s posts every form', (_name, view) => {
    const forms = html(view, language).match(/<form\b[^>]*>/g) ?? [];
    for (const form of forms) expect(form).toMatch(/method="post" action="\/[^"]*"/);
  });

  it.each(VIEWS)('%s has a nonce in each form', (_name, view) => {
    const forms = html(view, language).match(/<form\b[^]*?<\/form>/g) ?? [];
    // A link is mailed once, however often that form is sent.
    for (const form of forms.filter((each) => !each.includes('/mail"')))
      expect(form.match(/<input type="hidden" name="press" value="[^"]+"/g)).toHaveLength(1);
  });
});

describe('untrusted text', () => {
  it.each([
    ['a message', h(RevealedPage, { value: EVIL })],
    ['a typed message', h(CreatePage, { ...FORM, value: EVIL })],
    ['an alert', h(CreatePage, { ...FORM, alert: EVIL })],
    ['a link', h(CreatedPage, { ...CREATED, link: EVIL })],
    [
      'a recipient',
      h(ReceiptPage, { nonces: NONCES, receipt: aReceipt({ recipients: [EVIL] }), link: null }),
    ],
    ['an error', h(ErrorPage, { title: 't', text: EVIL })],
  ])('stays text in %s', (_name, view) => {
    const page = html(view);
    expect(page).toContain(EVIL_ESCAPED);
    expect(page.replace(SCRIPT.text, '').match(/<script/g)).toHaveLength(1);
  });

  it('stays inside an attribute', () => {
    const page = html(h(EnvelopePage, { nonce: NONCE, linkKey: '"><b x="', hasPassphrase: false }));
    expect(page).toContain('action="/secret/&quot;>&lt;b x=&quot;"');
  });

  it.each(['\nleading', '\n\ntwo', 'trailing\n', ' space ', '', EVIL, 'ü😀\u202E'])(
    'keeps its value in a text box: %j',
    (value) => {
      expect(textareaValue(html(h(RevealedPage, { value })))).toBe(value);
      expect(textareaValue(html(h(CreatePage, { ...FORM, value })))).toBe(value);
    },
  );
});

describe(CreatePage.name, () => {
  it('has one main button, and a generator that needs no message', () => {
    const page = html(h(CreatePage, FORM));
    expect(page).toMatch(/<textarea[^>]* required/);
    expect(page).toMatch(/<button name="kind" value="share">/);
    expect(page).toMatch(/<button [^>]*value="generate" formnovalidate/);
    expect(page).toMatch(/<option selected value="604800">|<option value="604800" selected>/);
    expect(page.match(/ selected/g)).toHaveLength(1);
  });

  it('keeps the typed message and the chosen lifetime, and shows the alert', () => {
    const page = html(
      h(CreatePage, { ...FORM, value: 'typed', ttlSeconds: 300, alert: 'Too long.' }),
    );
    expect(page).toContain('<p class="notice" role="alert">Too long.</p>');
    expect(page).toMatch(/<option[^>]* selected[^>]*>5 minutes|<option selected value="300">/);
    expect(textareaValue(page)).toBe('typed');
  });
});

describe('the limits of a new message', () => {
  it.each([
    ['anonymous', '10,000', 604_800],
    ['basic', '10,000', 1_209_600],
    ['identity_plus', '100,000', 2_592_000],
  ] as const)('of %s are said beforehand', (plan, bytes, longest) => {
    const page = html(h(CreatePage, { ...FORM, offer: { ...OFFER, ...PLANS[plan] } }));
    expect(page).toContain(`Up to ${bytes} bytes`);
    expect(page).toContain('Passphrase, 4 to 128 characters');
    const offered = [...page.matchAll(/<option[^>]* value="(\d+)"/g)].map(([, text]) =>
      Number(text),
    );
    expect(Math.max(...offered)).toBe(longest);
  });

  it('cut nothing that is typed', () => {
    expect(html(h(CreatePage, FORM))).not.toContain('maxlength');
  });

  it('shows a refused passphrase in its field, open', () => {
    const page = html(h(CreatePage, { ...FORM, passphrase: 'a"b', alert: 'Too short.' }));
    expect(page).toMatch(/<details open>/);
    expect(page).toMatch(/<input id="passphrase"[^>]* value="a&quot;b"/);
    expect(html(h(CreatePage, FORM))).not.toMatch(/<details open|id="passphrase"[^>]* value=/);
  });
});

describe(CreatedPage.name, () => {
  it('shows the link as text, because following it would consume the secret', () => {
    const view = h(CreatedPage, { ...CREATED, generatedValue: 'g3n' });
    const page = html(view);
    expect(textareaValue(page)).toBe(LINK);
    expect(page).not.toContain(`href="${LINK}`);
    expect(page).toContain(`href="/receipt/${METADATA_KEY}"`);
    expect(page).toContain('g3n');
  });
});

const SCALE = 4;
const WHITE = 255;
const BLACK = 0;

describe('the QR code of a link', () => {
  it('is read as the link', () => {
    const page = html(h(CreatedPage, CREATED));
    const [, size = ''] = /class="qr" viewBox="0 0 (\d+) /.exec(page) ?? [];
    const width = Number(size) * SCALE;
    const data = new Uint8Array(width * width * 4).fill(WHITE);
    for (const [, x = '', y = ''] of page.matchAll(/M(\d+) (\d+)h1v1h-1z/g)) {
      for (let line = 0; line < SCALE; line += 1) {
        const start = ((Number(y) * SCALE + line) * width + Number(x) * SCALE) * 4;
        data.fill(BLACK, start, start + SCALE * 4);
      }
    }
    expect(decodeQr({ width, height: width, data })).toBe(LINK);
  });
});

describe(EnvelopePage.name, () => {
  it('asks for a passphrase exactly when the secret has one', () => {
    expect(html(h(EnvelopePage, { nonce: NONCE, linkKey: 'k', hasPassphrase: true }))).toContain(
      'name="passphrase"',
    );
    expect(
      html(h(EnvelopePage, { nonce: NONCE, linkKey: 'k', hasPassphrase: false })),
    ).not.toContain('passphrase');
  });
});

describe(RevealedPage.name, () => {
  it('excludes the value from translation and spell checking', () => {
    const page = html(h(RevealedPage, { value: 'v' }));
    expect(page).toMatch(/<textarea[^>]* readonly/);
    expect(page).toMatch(/<textarea[^>]* translate="no"/);
    expect(page).toMatch(/<textarea[^>]* spellcheck="false"/);
    expect(page).toContain('you can close this window');
  });
});

describe(ReceiptPage.name, () => {
  const fresh = aReceipt({ kind: 'generate', ttlSeconds: 3600, secretTtlSeconds: 3590 });

  it.each([
    ['new', 'Not opened yet.'],
    ['received', 'It was opened.'],
    ['burned', 'deleted before anybody opened it'],
    ['expired', 'time was up'],
    ['orphaned', 'no longer there'],
  ] as const)('describes the state %s in words', (state, words) => {
    expect(
      html(h(ReceiptPage, { nonces: NONCES, receipt: aReceipt({ state }), link: null })),
    ).toContain(words);
  });

  it('offers the link and the burn form only while the secret exists', () => {
    const unread = html(h(ReceiptPage, { nonces: NONCES, receipt: aReceipt(), link: LINK }));
    expect(unread).toContain(LINK);
    expect(unread).toContain(`action="/receipt/${METADATA_KEY}/burn"`);
    const received = html(
      h(ReceiptPage, { nonces: NONCES, receipt: aReceivedReceipt(), link: null }),
    );
    expect(received).not.toContain('<form');
    expect(received).toMatch(
      /<time datetime="2026-11-23T12:01:00.999Z">Nov 23, 2026, 12:01\sPM UTC</,
    );
  });

  it('offers the generated value for a minute, and never with a passphrase', () => {
    const action = `action="/receipt/${METADATA_KEY}/value"`;
    expect(html(h(ReceiptPage, { nonces: NONCES, receipt: fresh, link: LINK }))).toContain(action);
    const others = [
      { ...fresh, kind: 'share' as const },
      { ...fresh, secretTtlSeconds: 3540 },
      { ...fresh, hasPassphrase: true },
    ];
    for (const receipt of others) {
      expect(html(h(ReceiptPage, { nonces: NONCES, receipt, link: LINK }))).not.toContain(action);
    }
  });
});
