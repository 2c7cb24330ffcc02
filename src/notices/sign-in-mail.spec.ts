import type { AccountId } from '../accounts/account.js';
import type { SignInMessage } from '../accounts/sign-in/sign-in-message.js';
import { requireHostname } from '../shared/hostname.js';
import { LANGUAGES } from '../shared/language.js';
import type { MailBrand } from './mail-brand.js';
import { signInBody } from './sign-in-mail.js';

const AT = new Date('2026-11-27T09:00:00Z');
const HOST = requireHostname('eu.onetime.example');
const brand: MailBrand = {
  name: 'Onetime',
  host: HOST,
  origin: `https://${HOST}`,
  colours: { accent: '#000000', onAccent: '#ffffff' },
  footerText: null,
};
const about = { accountId: 'a' as AccountId, to: 'a@example.com' };
const by = { agent: 'Firefox, Linux', network: '203.0.113.0/24' };
const link = { token: 'T0ken', expiresAt: AT };

const MESSAGES: readonly (SignInMessage extends infer Each
  ? Each extends SignInMessage
    ? Omit<Each, 'language'>
    : never
  : never)[] = [
  { ...about, ...link, kind: 'sign_up_link' },
  { ...about, ...link, kind: 'sign_up_known' },
  { ...about, ...link, kind: 'password_link' },
  { ...about, kind: 'password_unknown' },
  { ...about, by, kind: 'password_changed' },
  { ...about, by, kind: 'password_removed' },
  { ...about, by, kind: 'second_factor_on' },
  { ...about, by, kind: 'second_factor_off' },
  { ...about, by, kind: 'recovery_codes_renewed' },
  { ...about, by, kind: 'passkey_added', name: 'My <phone>' },
  { ...about, by, kind: 'passkey_removed', name: 'My <phone>' },
  { ...about, by, kind: 'recovery_code_used', codesLeft: 7 },
];

const CASES = LANGUAGES.flatMap((language) =>
  MESSAGES.map((message) => [language, message.kind, { ...message, language }] as const),
);

describe('a mail about signing in', () => {
  it.each(CASES)('in %s: %s', (_language, _kind, message) => {
    const body = signInBody(message as SignInMessage, brand, AT);
    const text = [body.subject, ...body.paragraphs, ...body.remarks].join('\n');
    // The link is in its place only, and of the right kind.
    expect(text).not.toContain('T0ken');
    const path = message.kind === 'sign_up_link' ? 'sign-up' : 'new-password';
    const url = 'token' in message ? `https://${HOST}/${path}/T0ken` : undefined;
    expect(body.action?.url).toBe(url);
    expect(text).toContain(HOST);
    expect(body.footer).toContain(HOST);
    const facts = [
      ...('by' in message ? [by.agent, by.network] : []),
      ...('name' in message ? [message.name] : []),
      ...('codesLeft' in message ? ['7'] : []),
    ];
    for (const fact of facts) expect(text).toContain(fact);
    expect(text).not.toMatch(/undefined|\[object/);
  });

  it.each(LANGUAGES)('has in %s a subject of its own for each kind', (language) => {
    const subjects = MESSAGES.map(
      (message) => signInBody({ ...message, language } as SignInMessage, brand, AT).subject,
    );
    // A link for a new password has the words of its button.
    expect(new Set(subjects).size).toBe(MESSAGES.length);
  });
});
