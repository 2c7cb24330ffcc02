import { browserSession } from '../support/browser-session.js';
import { GatewayProcess } from '../support/gateway-process.js';
import type { Answer } from '../support/https-client.js';
import { formsIn, type FoundForm } from '../support/page-visitors.js';

const EU = 'eu.onetime.localhost';
const SEND_AGAIN: readonly (readonly [language: string, button: string])[] = [
  ['en', 'Send it again'],
  ['de', 'Noch einmal abschicken'],
  ['es', 'Enviarlo de nuevo'],
  ['fr', 'Envoyer à nouveau'],
  ['nl', 'Opnieuw versturen'],
  ['ar', 'إرسال مرة أخرى'],
];
const TYPED = {
  name: 'Nightly jobs',
  url: 'https://hooks.example.com/in',
  'secret.created': 'yes',
};

interface Browser {
  readonly headers: Readonly<Record<string, string>>;
  readonly csrf: string;
}
type Fields = Readonly<Record<string, string>>;

let gateway: GatewayProcess;
/** Its account may change nothing more for an hour. */
let limited: Browser;
let free: Browser;

beforeAll(async () => {
  gateway = await GatewayProcess.start({
    environment: { GATEWAY_LIMITS: 'on', GATEWAY_LIMIT_ACCOUNT_CHANGES: '2/3600' },
  });
  [limited, free] = [await signedIn('limited@example.com'), await signedIn('free@example.com')];
  for (let count = 0; count < 2; count += 1) await send(limited, '/account', { language: '' });
});
afterAll(() => gateway.stop());

async function signedIn(email: string): Promise<Browser> {
  await gateway.account('eu', email);
  const { host, port } = gateway.target(EU);
  const session = await browserSession(gateway, email, `https://${host}:${port}`);
  const { cookie = '', origin = '', 'x-csrf-token': csrf = '' } = session;
  return { headers: { cookie, origin }, csrf };
}

function send(
  { headers, csrf }: Browser,
  path: string,
  fields: Fields,
  more: Fields = {},
): Promise<Answer> {
  const body = { csrf, ...fields };
  return gateway.call('eu', { path, headers: { ...headers, ...more }, body });
}

function keptIn({ text }: Answer, path: string): FoundForm | undefined {
  return formsIn(text).find(({ action }) => action === path);
}

function valuesOf(form: FoundForm | undefined): Record<string, string | null> {
  return Object.fromEntries((form?.fields ?? []).map(({ name, value }) => [name, value]));
}

describe('a form of an account', () => {
  it.each(SEND_AGAIN)(
    'that a limit refuses is still there to be sent again, in %s',
    async (language, button) => {
      const answer = await send(limited, '/account/webhooks', TYPED, {
        'accept-language': language,
      });
      expect([answer.status, Number(answer.headers['retry-after']) > 0]).toEqual([429, true]);
      const form = keptIn(answer, '/account/webhooks');
      expect(valuesOf(form)).toEqual({ ...TYPED, csrf: limited.csrf });
      expect(answer.text).toContain(`<button>${button}</button>`);
    },
  );

  it('with the token of another sign-in says whose account it is for now, and is taken when sent again', async () => {
    const stale = await send(free, '/account/webhooks', { ...TYPED, csrf: limited.csrf });
    expect(stale.status).toBe(403);
    expect(stale.text).toContain('You are signed in as free@example.com now.');
    const form = valuesOf(keptIn(stale, '/account/webhooks'));
    expect(form).toEqual({ ...TYPED, csrf: free.csrf });
    const made = await send(free, '/account/webhooks', form as Fields);
    expect([made.status, made.text.includes('Nightly jobs')]).toEqual([200, true]);
  });

  it('is repeated as text, whatever was typed', async () => {
    const name = '"><script>alert(1)</script>&amp;\r\n\u00e9';
    const { text } = await send(limited, '/account/tokens', { name });
    expect(text).not.toContain('<script>alert');
    expect(text).toContain('&quot;>&lt;script>alert(1)&lt;/script>&amp;amp;');
  });

  it.each([
    ['/account/security/password', { email: 'limited@example.com', password: 'a quiet harbour' }],
    ['/account/security/app/confirm', { code: '135790' }],
    ['/account/email/confirm', { code: '135790' }],
    ['/account/security/passkeys', { name: 'My phone', response: '{"id":"135790"}' }],
    ['/account/security/codes/file', { codes: 'aaaa-bbbb-cccc-dddd' }],
  ])('with a secret is not repeated: %s', async (path, fields) => {
    for (const token of [limited.csrf, free.csrf]) {
      const { status, text } = await send(limited, path, { ...fields, csrf: token });
      if (token === free.csrf) expect([403, 429]).toContain(status);
      expect(keptIn({ text } as Answer, path)).toBeUndefined();
      for (const value of Object.values(fields).slice(-1)) expect(text).not.toContain(value);
    }
  });

  it('from elsewhere, of nobody, or too large is not repeated', async () => {
    const path = '/account/webhooks';
    const answers = [
      await send(free, path, { ...TYPED, csrf: '' }, { origin: 'https://evil.example' }),
      await send({ headers: {}, csrf: '' }, path, TYPED, { origin: free.headers['origin'] ?? '' }),
      await send(limited, path, { ...TYPED, name: 'x'.repeat(70_000) }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([403, 401, 429]);
    for (const answer of answers) expect(answer.text).not.toContain(TYPED.url);
  });
});
