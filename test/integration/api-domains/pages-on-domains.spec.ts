import { NO_LOOK } from '../../../src/domains/domain-look.js';
import { HOSTS, TwoTenants, type Answer, type Who } from './two-tenants.js';

let tenants: TwoTenants;

beforeAll(async () => {
  tenants = await TwoTenants.start();
});
afterAll(() => tenants.close());
beforeEach(() =>
  Object.assign(tenants.switches, { apiEnabled: false, homepageEnabled: true, look: NO_LOOK }),
);

const FORM = 'name="secret"';

/** Sends the form; the answer is the page that the browser is redirected to. */
async function create(place: 'R' | 'D', who: Who): Promise<Answer> {
  const answer = await tenants.send(place, who, 'POST', '/', {
    secret: 'page secret',
    kind: 'share',
  });
  if (answer.status !== 303) return answer;
  return tenants.send(place, who, 'GET', String(answer.location));
}

/** A page of a customer's domain contains no other host and no product name. */
function expectOwnNamesOnly(body: string): void {
  const { R, OTHER } = HOSTS;
  for (const name of [R, OTHER, 'onetime', 'Onetime']) expect(body).not.toContain(name);
}

describe('the form', () => {
  it.each(['anonymous', 'owner', 'stranger'] as const)('is on R for the %s', async (who) => {
    expect((await tenants.send('R', who, 'GET', '/')).body).toContain(FORM);
    const created = await create('R', who);
    expect(created.status).toBe(200);
    expect(created.body).toContain(`https://${HOSTS.R}/secret/`);
  });

  it.each([
    ['anonymous', true, true],
    ['anonymous', false, false],
    ['owner', true, true],
    ['owner', false, true],
    ['stranger', true, false],
    ['stranger', false, false],
  ] as const)(
    'is on D for the %s (anonymous callers allowed: %s): %s',
    async (who, allowed, isThere) => {
      tenants.switches.homepageEnabled = allowed;
      const form = await tenants.send('D', who, 'GET', '/');
      expect(form.status).toBe(200);
      expect(form.body.includes(FORM)).toBe(isThere);
      expect(form.body.includes('For private use')).toBe(!isThere);
      expectOwnNamesOnly(form.body);

      const created = await create('D', who);
      expect(created.status).toBe(isThere ? 200 : 403);
      expect(created.body.includes(`https://${HOSTS.D}/secret/`)).toBe(isThere);
      expectOwnNamesOnly(created.body);
    },
  );

  it('says that a refused message was not stored, and gives it back', async () => {
    tenants.switches.homepageEnabled = false;
    for (const who of ['anonymous', 'stranger'] as const) {
      const { body } = await create('D', who);
      expect(body).toContain('Your message was not stored');
      expect(body).toContain('page secret');
    }
  });
});

describe('the brand of D', () => {
  const brand = {
    product_name: 'Acme & Söhne <Vault>',
    primary_color: '#7A1F5C',
    footer_text: 'Acme\nRoom 1',
    support_email: 'help@acme.example',
    description: 'Send us <b>anything</b>.',
    instructions_pre_reveal: 'Only for you.',
    instructions_reveal: 'This is it.',
    instructions_post_reveal: 'Close the window.',
    closed_text: 'Ask the desk.',
    locale: 'de',
    languages: ['de'],
  };
  beforeEach(() => {
    tenants.switches.look = { brand, images: {} };
  });

  const NAME = 'Acme &amp; Söhne &lt;Vault>';

  it('is on every page, as text, and on no page of R', async () => {
    const { secretKey, metadataKey } = await tenants.share('D', 'owner');
    const texts = new Map([
      ['/', 'Send us &lt;b>anything&lt;/b>.'],
      [`/secret/${secretKey}`, 'Only for you.'],
      [`/receipt/${metadataKey}`, 'Room 1'],
      ['/secret/nothinghere0123456789abcdefgh12', 'Room 1'],
      ['/nowhere', 'Room 1'],
    ]);
    for (const [path, text] of texts) {
      const { body } = await tenants.send('D', 'anonymous', 'GET', path);
      for (const part of [NAME, text, 'mailto:help@acme.example', 'lang="de"'])
        expect(body).toContain(part);
      expect(body).not.toContain('hreflang');
      expectOwnNamesOnly(body);
      const region = await tenants.send('R', 'anonymous', 'GET', path);
      expect(region.body).not.toContain('Acme');
    }
    const opened = await tenants.press('D', 'anonymous', `/secret/${secretKey}`);
    for (const part of [NAME, 'This is it.', 'Close the window.'])
      expect(opened.body).toContain(part);
  });

  it('is in the stylesheet, whose address has its version', async () => {
    const { body } = await tenants.send('D', 'anonymous', 'GET', '/');
    const [, address = ''] = /href="(\/style\.css\?v=[^"]+)"/.exec(body) ?? [];
    const style = await tenants.send('D', 'anonymous', 'GET', address);
    expect(style.body).toContain('--action:#7A1F5C');
    const region = await tenants.send('R', 'anonymous', 'GET', address);
    expect(region.body).not.toContain('#7A1F5C');
  });

  it('says what strangers are to do where they may not create', async () => {
    tenants.switches.homepageEnabled = false;
    const { body } = await tenants.send('D', 'anonymous', 'GET', '/');
    expect(body).toContain('Ask the desk.');
  });
});

describe('links', () => {
  it.each(['anonymous', 'owner', 'stranger'] as const)(
    'of D open on D for the %s, even where anonymous callers may not create',
    async (who) => {
      tenants.switches.homepageEnabled = false;
      const { secretKey, metadataKey } = await tenants.share('D', 'owner');
      const envelope = await tenants.send('D', who, 'GET', `/secret/${secretKey}`);
      const receipt = await tenants.send('D', who, 'GET', `/receipt/${metadataKey}`);
      const opened = await tenants.press('D', who, `/secret/${secretKey}`);
      expect([envelope.status, receipt.status, opened.status]).toEqual([200, 200, 200]);
      expect(receipt.body).toContain(`https://${HOSTS.D}/secret/${secretKey}`);
      expect(opened.body).toContain('s3');
      for (const { body } of [envelope, receipt, opened]) expectOwnNamesOnly(body);
    },
  );

  it('of other tenants are gone on D like unknown ones, and are not consumed', async () => {
    const ofRegion = await tenants.share('R', 'owner');
    const ofOther = await tenants.share('OTHER', 'stranger');
    const never = await tenants.send('D', 'owner', 'GET', '/secret/never-was');
    for (const { secretKey, metadataKey } of [ofRegion, ofOther]) {
      for (const answer of [
        await tenants.send('D', 'owner', 'GET', `/secret/${secretKey}`),
        await tenants.press('D', 'owner', `/secret/${secretKey}`),
        await tenants.send('D', 'owner', 'GET', `/receipt/${metadataKey}`),
        await tenants.press('D', 'owner', `/receipt/${metadataKey}/burn`),
      ]) {
        expect([answer.status, answer.body]).toEqual([404, never.body]);
      }
      const read = await tenants.press('R', 'anonymous', `/secret/${secretKey}`);
      expect(read.body).toContain('s3');
    }
  });

  it('of D open on R too', async () => {
    const { secretKey, metadataKey } = await tenants.share('D', 'owner');
    const receipt = await tenants.send('R', 'anonymous', 'GET', `/receipt/${metadataKey}`);
    expect(receipt.body).toContain(`https://${HOSTS.D}/secret/${secretKey}`);
    const opened = await tenants.press('R', 'anonymous', `/secret/${secretKey}`);
    expect(opened.status).toBe(200);
  });

  it('that are unknown show no other host', async () => {
    for (const url of ['/nowhere', '/secret/never-was']) {
      const { status, body } = await tenants.send('D', 'anonymous', 'GET', url);
      expect(status).toBe(404);
      expectOwnNamesOnly(body);
    }
  });
});
