import type { VNode } from 'preact';
import {
  aReceipt,
  aReceivedReceipt,
  METADATA_KEY,
  SECRET_KEY,
} from '../../../test/fakes/sample-values.js';
import { pageOf } from '../page.js';
import { CreatePage } from './create-page.js';
import { CreatedPage } from './created-page.js';
import { EnvelopePage } from './envelope-page.js';
import { ErrorPage } from './error-page.js';
import { GonePage } from './gone-page.js';
import { GeneratedValuePage, ReceiptPage } from './receipt-page.js';
import { PrivatePage } from './private-page.js';
import { RevealedPage } from './revealed-page.js';

const LINK = `https://eu.onetime.localhost/secret/${SECRET_KEY}`;
const EVIL = `</textarea><script>alert("1")</script>&amp;'"`;
const EVIL_ESCAPED = '&lt;/textarea>&lt;script>alert(&quot;1&quot;)&lt;/script>&amp;amp;';

const html = (view: VNode): string => pageOf(view).body;

/** The first textarea's value in a browser, which drops one newline after the tag (HTML 13.2.6.4.7). */
function textareaValue(page: string): string {
  const [, content = ''] = /<textarea[^>]*>([^]*?)<\/textarea>/.exec(page) ?? [];
  return content
    .replace(/^\n/, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}

const VIEWS: readonly (readonly [string, VNode])[] = [
  ['the form', CreatePage({})],
  ['the form with an error', CreatePage({ value: 'typed', alert: 'no' })],
  [
    'the link',
    CreatedPage({
      link: LINK,
      metadataKey: METADATA_KEY,
      generatedValue: null,
      hasPassphrase: true,
    }),
  ],
  ['the envelope', EnvelopePage({ linkKey: SECRET_KEY, hasPassphrase: true })],
  ['the message', RevealedPage({ value: 'v' })],
  ['gone', GonePage()],
  ['a receipt', ReceiptPage({ receipt: aReceipt({ hasPassphrase: true }), link: LINK })],
  ['a received receipt', ReceiptPage({ receipt: aReceivedReceipt(), link: null })],
  ['a generated value', GeneratedValuePage({ metadataKey: METADATA_KEY, value: 'v' })],
  ['no form', PrivatePage({})],
  ['an error', ErrorPage({ title: 't', text: 'x' })],
];

describe('every page', () => {
  it.each(VIEWS)('%s is one document with one heading and no script', (_name, view) => {
    const page = html(view);
    expect(page).toMatch(/^<!doctype html><html lang="en">/);
    expect(page.match(/<h1>/g)).toHaveLength(1);
    expect(page).toContain('name="viewport"');
    expect(page).not.toMatch(
      /<script|<img|<iframe|style=|\son\w+=|javascript:|https?:\/\/(?!eu\.)/,
    );
  });

  it.each(VIEWS)('%s labels each of its fields', (_name, view) => {
    const page = html(view);
    const fields = page.match(/<(?:input|textarea|select)\b[^>]*>/g) ?? [];
    for (const field of fields) {
      const [, id = ''] = / id="([^"]+)"/.exec(field) ?? [];
      expect(page).toContain(`<label for="${id}">`);
    }
  });

  it.each(VIEWS)('%s posts every form', (_name, view) => {
    const forms = html(view).match(/<form\b[^>]*>/g) ?? [];
    for (const form of forms) expect(form).toMatch(/method="post" action="\/[^"]*"/);
  });
});

describe('untrusted text', () => {
  it.each([
    ['a message', RevealedPage({ value: EVIL })],
    ['a typed message', CreatePage({ value: EVIL })],
    ['an alert', CreatePage({ alert: EVIL })],
    [
      'a link',
      CreatedPage({ link: EVIL, metadataKey: 'm', generatedValue: null, hasPassphrase: false }),
    ],
    ['a recipient', ReceiptPage({ receipt: aReceipt({ recipients: [EVIL] }), link: null })],
    ['an error', ErrorPage({ title: 't', text: EVIL })],
  ])('stays text in %s', (_name, view) => {
    const page = html(view);
    expect(page).toContain(EVIL_ESCAPED);
    expect(page).not.toContain('<script');
  });

  it('stays inside an attribute', () => {
    const page = html(EnvelopePage({ linkKey: '"><b x="', hasPassphrase: false }));
    expect(page).toContain('action="/secret/&quot;>&lt;b x=&quot;"');
  });

  it.each(['\nleading', '\n\ntwo', 'trailing\n', ' space ', '', EVIL, 'ü😀\u202E'])(
    'keeps its value in a text box: %j',
    (value) => {
      expect(textareaValue(html(RevealedPage({ value })))).toBe(value);
      expect(textareaValue(html(CreatePage({ value })))).toBe(value);
    },
  );
});

describe(CreatePage.name, () => {
  it('has one main button, and a generator that needs no message', () => {
    const page = html(CreatePage({}));
    expect(page).toMatch(/<textarea[^>]* required/);
    expect(page).toMatch(/<button name="kind" value="share">/);
    expect(page).toMatch(/<button [^>]*value="generate" formnovalidate/);
    expect(page).toMatch(/<option selected value="604800">|<option value="604800" selected>/);
    expect(page.match(/ selected/g)).toHaveLength(1);
  });

  it('keeps the typed message and the chosen lifetime, and shows the alert', () => {
    const page = html(CreatePage({ value: 'typed', ttlSeconds: 300, alert: 'Too long.' }));
    expect(page).toContain('<p class="notice" role="alert">Too long.</p>');
    expect(page).toMatch(/<option[^>]* selected[^>]*>5 minutes|<option selected value="300">/);
    expect(textareaValue(page)).toBe('typed');
  });
});

describe(CreatedPage.name, () => {
  it('shows the link as text, because following it would consume the secret', () => {
    const view = CreatedPage({
      link: LINK,
      metadataKey: METADATA_KEY,
      generatedValue: 'g3n',
      hasPassphrase: false,
    });
    const page = html(view);
    expect(textareaValue(page)).toBe(LINK);
    expect(page).not.toContain(`href="${LINK}`);
    expect(page).toContain(`href="/receipt/${METADATA_KEY}"`);
    expect(page).toContain('g3n');
  });
});

describe(EnvelopePage.name, () => {
  it('asks for a passphrase exactly when the secret has one', () => {
    expect(html(EnvelopePage({ linkKey: 'k', hasPassphrase: true }))).toContain(
      'name="passphrase"',
    );
    expect(html(EnvelopePage({ linkKey: 'k', hasPassphrase: false }))).not.toContain('passphrase');
  });
});

describe(RevealedPage.name, () => {
  it('excludes the value from translation and spell checking', () => {
    const page = html(RevealedPage({ value: 'v' }));
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
    expect(html(ReceiptPage({ receipt: aReceipt({ state }), link: null }))).toContain(words);
  });

  it('offers the link and the burn form only while the secret exists', () => {
    const unread = html(ReceiptPage({ receipt: aReceipt(), link: LINK }));
    expect(unread).toContain(LINK);
    expect(unread).toContain(`action="/receipt/${METADATA_KEY}/burn"`);
    const received = html(ReceiptPage({ receipt: aReceivedReceipt(), link: null }));
    expect(received).not.toContain('<form');
    expect(received).toContain('<time datetime="2026-11-23T12:01:00.999Z">2026-11-23 12:01 UTC');
  });

  it('offers the generated value for a minute, and never with a passphrase', () => {
    const action = `action="/receipt/${METADATA_KEY}/value"`;
    expect(html(ReceiptPage({ receipt: fresh, link: LINK }))).toContain(action);
    const others = [
      { ...fresh, kind: 'share' as const },
      { ...fresh, secretTtlSeconds: 3540 },
      { ...fresh, hasPassphrase: true },
    ];
    for (const receipt of others) {
      expect(html(ReceiptPage({ receipt, link: LINK }))).not.toContain(action);
    }
  });
});
