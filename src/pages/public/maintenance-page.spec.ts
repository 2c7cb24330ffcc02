import { hash } from 'node:crypto';
import { requireHostname } from '../../shared/hostname.js';
import { LANGUAGES } from '../../shared/language.js';
import { textsIn } from '../messages/messages.js';
import { maintenancePage } from './maintenance-page.js';

const hostname = requireHostname('secrets.customer.example');

describe(maintenancePage, () => {
  it.each(LANGUAGES)('says in %s when to try again, in the name of the host', (language) => {
    const reader = { hostname, cookie: undefined, acceptLanguage: language };
    const { html, headers } = maintenancePage(reader, 2);
    const texts = textsIn(language);
    expect(headers).toMatchObject({ 'content-language': language, 'x-frame-options': 'DENY' });
    expect(html).toContain(`<html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}">`);
    expect(html).toContain(texts('error.unavailable.text'));
    expect(html).toContain(texts('frame.tryAgain', { seconds: 2 }));
    expect(html).toContain(hostname);
  });

  it('needs nothing beside it, and its style is the one of its policy', () => {
    const reader = { hostname, cookie: '__Host-lang=de', acceptLanguage: 'fr' };
    const { html, headers } = maintenancePage(reader, 2);
    expect(html).not.toMatch(/<(?:link|script|img)\b|src=|href=|url\(/);
    const [, style = ''] = /<style>([^]*?)<\/style>/.exec(html) ?? [];
    const policy = headers['content-security-policy'];
    expect(policy).toContain(`style-src 'sha256-${hash('sha256', style, 'base64')}'`);
    expect(policy).toMatch(/^default-src 'none';/);
    expect(headers['content-language']).toBe('de');
  });
});
