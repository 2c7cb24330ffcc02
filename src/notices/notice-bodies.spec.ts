import type { AccountId } from '../accounts/account.js';
import type { AddressMessage } from '../accounts/email-change/account-mail.js';
import { requireHostname } from '../shared/hostname.js';
import { addressBody } from './address-mail.js';
import { brandedMail } from './branded-mail.js';
import { instantIn } from './instant.js';
import { directionOf, LANGUAGES, languageOf } from '../shared/language.js';
import type { MailBody } from './mail-body.js';
import type { MailBrand } from './mail-brand.js';
import {
  certificateRenewedBody,
  certificateTroubleBody,
  domainGivenBody,
  type NoticeScene,
  openedBody,
  proofMissingBody,
} from './notice-bodies.js';
import { renderHtml } from './render-html.js';
import { renderText } from './render-text.js';

const HOST = requireHostname('secrets.acme.example');
const AT = new Date('2026-11-23T10:11:12Z');
const brand: MailBrand = {
  name: HOST,
  host: HOST,
  origin: `https://${HOST}:8443`,
  colours: { accent: '#1F5F8B', onAccent: '#FFFFFF' },
  footerText: null,
};

const certificate = { id: 'cd1', domain: HOST, not_after: AT, is_urgent: true, attempts: 3 };
const opened = {
  domain: HOST,
  recipients: ['th*****@e*****.com'],
  created_at: AT,
  notifies_opened: true,
};
const UNSUBSCRIBE = `https://eu.onetime.example:8443/unsubscribe/${'t'.repeat(100)}`;
const BODIES: Readonly<Record<string, (scene: NoticeScene) => MailBody>> = {
  opened: (scene) => openedBody(opened, AT, scene),
  'proof missing': (scene) =>
    proofMissingBody({ id: 'cd1', domain: HOST, missing_since: AT, lapses_at: AT }, scene),
  'certificate trouble': (scene) =>
    certificateTroubleBody(certificate, { isUploaded: false, hasEnded: false }, scene),
  'certificate has ended': (scene) =>
    certificateTroubleBody(certificate, { isUploaded: false, hasEnded: true }, scene),
  'uploaded certificate ends': (scene) =>
    certificateTroubleBody(certificate, { isUploaded: true, hasEnded: false }, scene),
  'domain given': (scene) => domainGivenBody({ id: 'cd1', domain: HOST }, scene),
  'certificate renewed': (scene) => certificateRenewedBody(certificate, scene),
};

const ABOUT = { accountId: 'a' as AccountId, to: 'a@example.com' };
const MESSAGES_ABOUT_ADDRESSES: readonly AddressMessage[] = [
  { ...ABOUT, kind: 'email_change_old', code: 'c0de', newEmail: 'new@example.com', expiresAt: AT },
  { ...ABOUT, kind: 'email_change_new', code: 'c0de', expiresAt: AT },
  { ...ABOUT, kind: 'email_in_use' },
  { ...ABOUT, kind: 'email_changed', newEmail: 'new@example.com' },
];

describe('a mail about an address', () => {
  it.each(LANGUAGES)(
    'has in %s the code and the address that it is about, and nothing else',
    (language) => {
      for (const message of MESSAGES_ABOUT_ADDRESSES) {
        const { subject, paragraphs } = addressBody(message, language);
        const text = paragraphs.join(' ');
        expect(text.includes('c0de')).toBe('code' in message);
        expect(text.includes('new@example.com')).toBe('newEmail' in message);
        expect(subject).not.toContain('c0de');
      }
    },
  );
});

const CASES = LANGUAGES.flatMap((language) =>
  Object.keys(BODIES).map((name) => [language, name] as const),
);

describe('a notice in every language', () => {
  it.each(CASES)('%s: %s', (language, name) => {
    const scene = {
      brand,
      language,
      apiOrigin: 'https://eu.onetime.example:8443',
      unsubscribeUrl: UNSUBSCRIBE,
    };
    const body = BODIES[name]!(scene);
    const mail = brandedMail(
      {
        kind: 'x',
        accountId: null,
        to: 'a@example.com',
        replyTo: null,
        uniqueKey: null,
        usefulSeconds: 1,
      },
      body,
      scene,
    );
    for (const text of [mail.text, mail.html]) {
      expect(text).toContain(HOST);
      expect(text).not.toMatch(/undefined|null|\[object/);
    }
    expect(mail.senderName).toBe(HOST);
    expect(mail.subject).not.toMatch(/[\r\n]/);
    expect(mail.html).toContain(`<html lang="${language}" dir="${directionOf(language)}">`);
    for (const line of mail.text.split('\n'))
      expect(line.length <= 72 || !line.includes(' ')).toBe(true);
    if (language !== 'en') {
      const english = BODIES[name]!({ ...scene, language: 'en' });
      expect(body.subject).not.toBe(english.subject);
      expect(body.paragraphs[0]).not.toBe(english.paragraphs[0]);
    }
  });
});

describe('what a mail shows', () => {
  const body: MailBody = {
    subject: '<b>subject</b>',
    heading: 'a & b',
    paragraphs: ['<img src=x onerror=alert(1)>'],
    action: { label: 'Open', url: `https://${HOST}/secret/${'k'.repeat(120)}` },
    remarks: [],
    footer: 'footer',
    unsubscribe: { label: 'No more', url: `https://${HOST}/unsubscribe/${'t'.repeat(120)}` },
  };

  it('is text in HTML, and loads nothing', () => {
    const html = renderHtml(body, brand, 'en');
    expect(html).toContain('&lt;img src=x onerror=alert(1)>');
    expect(html).not.toMatch(/<(?:img|script|link|b)\b|url\(/);
  });

  it('has a link on a line of its own in text, however long', () => {
    expect(renderText(body).split('\n')).toContain(body.action?.url);
  });

  it.each([
    ['de-AT', 'de'],
    ['AR', 'ar'],
    ['fr_FR', 'fr'],
    ['xx', 'en'],
    ['', 'en'],
    [null, 'en'],
  ])('is for %j in %s', (text, language) => {
    expect(languageOf(text)).toBe(language);
  });

  it('says times in UTC', () => {
    expect(instantIn('de', AT)).toBe('23. November 2026 um 10:11 UTC');
  });
});
