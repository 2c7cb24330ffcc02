import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server';
import { Secret, TOTP } from 'otpauth';
import { csrfTokenOf, type SessionValue } from '../../src/accounts/sessions/session-value.js';
import type { Region } from '../../src/config/region.js';
import type { Canaries } from './canaries.js';
import type { GatewayProcess } from './gateway-process.js';
import type { Answer } from './https-client.js';
import { SoftwareAuthenticator } from './software-authenticator.js';
import type { TestSmtp } from './test-smtp.js';
import { until } from './until.js';

const EU = 'eu' as Region;

export interface CanaryScene {
  readonly gateway: GatewayProcess;
  readonly smtp: TestSmtp;
  readonly canaries: Canaries;
}

/** A browser whose every cookie, token, code and challenge is a canary. No answer leads to an address with one. */
class CanaryBrowser {
  readonly #jar = new Map<string, string>();
  readonly origin: string;

  constructor(private readonly scene: CanaryScene) {
    this.origin = `https://eu.onetime.localhost:${scene.gateway.ports.https}`;
  }

  async get(path: string): Promise<Answer> {
    return this.#noted(await this.scene.gateway.call('eu', { path, headers: this.#headers() }));
  }

  /** @param isApi sends JSON with the token in a header */
  async post(path: string, body: Record<string, unknown> = {}, isApi = false): Promise<Answer> {
    const csrf = this.#csrf();
    const headers = { ...this.#headers(), ...(isApi ? { 'x-csrf-token': csrf } : {}) };
    const sent = isApi ? JSON.stringify(body) : { ...(body as Record<string, string>), csrf };
    return this.#noted(
      await this.scene.gateway.call('eu', { method: 'POST', path, headers, body: sent }),
    );
  }

  #headers(): Record<string, string> {
    const cookie = [...this.#jar].map(([name, value]) => `${name}=${value}`).join('; ');
    return { origin: this.origin, ...(cookie === '' ? {} : { cookie }) };
  }

  #csrf(): string {
    const session = this.#jar.get('__Host-session');
    return session === undefined ? '' : csrfTokenOf(session as SessionValue, EU);
  }

  #noted(answer: Answer): Answer {
    const { canaries } = this.scene;
    for (const cookie of answer.headers['set-cookie'] ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === '') this.#jar.delete(name);
      else this.#jar.set(name, value);
      if (value.length < 43) continue;
      canaries.keep(`the cookie ${name}`, value);
      canaries.keepBytes(`the bytes of the cookie ${name}`, Buffer.from(value, 'base64url'));
    }
    if (this.#csrf() !== '') canaries.keep('the token against forged forms', this.#csrf());
    expect(canaries.foundIn(Buffer.from(answer.headers.location ?? ''))).toEqual([]);
    return answer;
  }
}

/** Signs up, in and out in every way, with canaries in all that opens an account. */
export async function driveSignIn(scene: CanaryScene): Promise<void> {
  const email = 'canary-browser@example.com';
  const browser = new CanaryBrowser(scene);
  const { canaries } = scene;
  const password = canaries.word('the password');
  const link = await mailedLink(scene, email, () => browser.post('/sign-up', { email }));
  await browser.get(link);
  await browser.post(link, { password: canaries.word('a refused password').repeat(30) });
  const signedUp = await browser.post(link, { password });
  expect(signedUp.headers.location).toBe('/account');
  await browser.get(link);

  const passkey = await drivePasskey(scene, browser);
  const { secret, codes } = await driveApp(scene, browser);
  await browser.post('/sign-out');
  await browser.post('/sign-in', { email, password: canaries.word('a wrong password') });
  await browser.post('/sign-in', { email, password });
  await browser.post('/sign-in/code', { code: canaries.word('a wrong code') });
  const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate({
    timestamp: Date.now() + 30_000,
  });
  expect((await browser.post('/sign-in/code', { code })).headers.location).toBe('/account');
  await browser.post('/sign-out');
  await browser.post('/sign-in', { email, password });
  const opened = await browser.post('/sign-in/code', { code: codes[0] });
  expect(opened.headers.location).toBe('/account');
  await browser.post('/sign-in/again', { password: canaries.word('a wrong password again') });
  await browser.post('/sign-out');

  const asked = await browser.post('/sign-in/passkey/options');
  const options = keptChallenge<PublicKeyCredentialRequestOptionsJSON>(canaries, asked);
  await browser.post('/sign-in/passkey', { response: canaries.word('no passkey') });
  const response = JSON.stringify(passkey.get(options));
  const signedIn = await browser.post('/sign-in/passkey', { response });
  expect(signedIn.headers.location).toBe('/account');

  const again = await mailedLink(scene, email, () => browser.post('/new-password', { email }));
  await browser.get(again);
  await browser.post(again, { password: canaries.word('the next password') });
}

/** The path of the link in the next mail to the address. */
async function mailedLink(
  { smtp, canaries }: CanaryScene,
  email: string,
  ask: () => Promise<unknown>,
): Promise<string> {
  const before = smtp.taken.length;
  await ask();
  const find = () => {
    const mails = smtp.taken.slice(before).filter(({ to }) => to.includes(email));
    return mails
      .map(({ text }) => /\/(?:sign-up|new-password)\/([\w-]{43})/.exec(text))
      .find(Boolean);
  };
  const [path, token = ''] = (await until('a link is mailed', find)) ?? [''];
  canaries.keep('the token of a mailed link', token);
  canaries.keepBytes('the bytes of a mailed token', Buffer.from(token, 'base64url'));
  return path;
}

function keptChallenge<Options extends { readonly challenge: string }>(
  canaries: Canaries,
  answer: Answer,
): Options {
  const { record } = answer.json<{ record: Options }>();
  canaries.keep('a challenge', record.challenge);
  canaries.keepBytes('the bytes of a challenge', Buffer.from(record.challenge, 'base64url'));
  return record;
}

async function drivePasskey(
  { canaries }: CanaryScene,
  browser: CanaryBrowser,
): Promise<SoftwareAuthenticator> {
  const passkey = new SoftwareAuthenticator(browser.origin);
  const asked = await browser.post('/api/account/passkeys/options', {}, true);
  const options = keptChallenge<PublicKeyCredentialCreationOptionsJSON>(canaries, asked);
  const path = '/account/security/passkeys';
  await browser.post(path, { name: 'x', response: canaries.word('no new passkey') });
  const response = JSON.stringify(passkey.create(options));
  const added = await browser.post(path, { name: 'My phone', response });
  expect(added.headers.location).toBe('/account/security');
  return passkey;
}

async function driveApp({ canaries }: CanaryScene, browser: CanaryBrowser) {
  const path = '/account/security/app';
  await browser.post(path);
  const page = await browser.get(path);
  const [, secret = ''] = /<textarea[^>]*id="secret"[^>]*>\s*([A-Z2-7]{32})</.exec(page.text) ?? [];
  canaries.keep('the secret of the app', secret);
  canaries.keepBytes('the bytes of that secret', Buffer.from(Secret.fromBase32(secret).bytes));
  await browser.post(`${path}/confirm`, { code: canaries.word('no code of the app') });
  const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate();
  const shown = await browser.post(`${path}/confirm`, { code });
  let codes = keptCodes(canaries, shown);
  await browser.post('/account/security/codes/file', { codes: codes.join(' ') });
  await browser.post('/account/security/codes/file', { codes: canaries.word('no codes') });
  codes = keptCodes(canaries, await browser.post('/account/security/codes'));
  return { secret, codes };
}

function keptCodes(canaries: Canaries, { text }: Answer): string[] {
  const codes = [...new Set(text.match(/\b[0-9a-z]{4}(?:-[0-9a-z]{4}){3}\b/g))];
  expect(codes).toHaveLength(10);
  // Each is searched for in every file.
  for (const code of codes.slice(0, 2)) {
    canaries.keep('a recovery code', code);
    canaries.keep('the digits of a recovery code', code.replaceAll('-', ''));
  }
  return codes;
}
