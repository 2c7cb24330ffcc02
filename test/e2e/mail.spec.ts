import { join } from 'node:path';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { Canaries } from '../support/canaries.js';
import { GatewayProcess, type GatewayOptions } from '../support/gateway-process.js';
import { query } from '../support/region-database.js';
import { TestSmtp } from '../support/test-smtp.js';
import { until } from '../support/until.js';
import { type Fields, V1Caller } from '../support/v1-caller.js';

const OWNER = 'owner@example.com';
const canaries = new Canaries();
const folder = mkdtempSync(join(tmpdir(), 'gateway-mail-'));

let smtp: TestSmtp;
let gateway: GatewayProcess;
let sender: V1Caller;
let auth: string;

beforeAll(async () => {
  smtp = await TestSmtp.start({
    authOptional: false,
    onAuth: ({ username, password }, _session, done) =>
      password === 'p@ss/word' ? done(null, { user: username }) : done(new Error('no')),
  });
  gateway = await GatewayProcess.start(options());
  ({ auth } = await gateway.account('eu', OWNER, 'identity_plus'));
  sender = new V1Caller(gateway, 'eu', { auth });
});
afterAll(async () => {
  await gateway.stop();
  await smtp.stop();
  rmSync(folder, { recursive: true, force: true });
});

function options(): GatewayOptions {
  const root = join(folder, 'smtp-root.pem');
  writeFileSync(root, smtp.tls.certificatePem);
  return {
    dataDir: join(folder, 'data'),
    environment: {
      GATEWAY_SMTP_URL: `smtp://gateway:p%40ss%2Fword@127.0.0.1:${smtp.port}`,
      GATEWAY_SMTP_CA_FILE: root,
      GATEWAY_MAIL_FROM: 'Secrets <no-reply@onetime.example>',
      GATEWAY_MAIL_BOUNCE: 'bounces@onetime.example',
      GATEWAY_LIMITS: 'on',
      GATEWAY_LIMIT_MAIL_PAIR: '3/3600',
    },
  };
}

const inDatabase = (text: string) => query(gateway, 'eu', { text });

const mailTo = (address: string) =>
  until(`the mail to ${address}`, () => smtp.taken.find(({ to }) => to.includes(address)));

describe('the recipient of a secret', () => {
  it('gets a link that opens, and nothing of it is stored or logged in clear', async () => {
    const recipient = `${canaries.word('the recipient')}@example.com`;
    const value = canaries.word('the value');
    const shared = await sender.share(value, { ttl: 3600, recipient, passphrase: 'open sesame' });
    expect(shared).toMatchObject({ email_sent: true });
    canaries.keep('the link', shared.secret_key);
    const mail = await mailTo(recipient);
    expect(mail).toMatchObject({
      from: 'bounces@onetime.example',
      to: [recipient],
      isSecure: true,
      headers: {
        from: 'Secrets <no-reply@onetime.example>',
        'reply-to': OWNER,
        subject: `${OWNER} sent you a message that opens once`,
        'auto-submitted': 'auto-generated',
      },
    });
    const link = `https://eu.onetime.localhost:${gateway.ports.https}/secret/${shared.secret_key}`;
    // On a line of its own, so that a text program makes it a link.
    expect(mail.text.split(/\r?\n/)).toContain(link);
    expect(mail.html).toContain(`href="${link}"`);
    expect(mail.text).toContain('passphrase');
    expect(`${mail.text} ${mail.html}`).not.toContain(value);
    const [, path = ''] = /https:\/\/[^/]+(\/secret\/\w+)/.exec(mail.text) ?? [];
    expect((await gateway.call('eu', { path })).text).toContain('passphrase');
    expect(canaries.foundIn(Buffer.from(gateway.logs))).toEqual([]);
    await until('the row is erased', () => gateway.logs.includes('mail sent'));
    const opened = await sender.reveal(shared.secret_key, { passphrase: 'open sesame' });
    expect(opened.json()).toMatchObject({ value });
    expect(canaries.foundBelow(join(folder, 'data'))).toEqual([]);
  });

  it.each([
    ['de', 'ltr', 'Nachricht öffnen'],
    ['ar', 'rtl', 'افتح الرسالة'],
  ])('reads it in %s', async (language, direction, action) => {
    const recipient = `${language}@example.com`;
    await sender.share('hello', { recipient, language });
    const mail = await mailTo(recipient);
    expect(mail.headers['content-language']).toBe(language);
    expect(mail.html).toContain(`<html lang="${language}" dir="${direction}">`);
    for (const body of [mail.text, mail.html]) expect(body).toContain(action);
  });

  it('is the first of several, and gets no more than the limit', async () => {
    const answers = [];
    for (let index = 0; index < 4; index += 1)
      answers.push(await sender.share('hello', { recipient: 'busy@example.com' }));
    expect(answers.map((answer) => answer['email_sent'])).toEqual([true, true, true, false]);
    await until('three mails', () => toBusy().length === 3);
    const fetched = await sender.post(`/private/${answers[3]?.metadata_key}`);
    expect(fetched.json()).toMatchObject({ email_sent: false });
  });

  describe('of a link that is made already', () => {
    const OURS = { 'sec-fetch-site': 'same-origin' };
    const createdPage = (key: string, by: object = { auth }) =>
      gateway.call('eu', { path: `/receipt/${key}/created`, ...by });
    const mailIt = (key: string, recipient: string, by: object = { auth }) =>
      gateway.call('eu', {
        method: 'POST',
        path: `/receipt/${key}/mail`,
        headers: OURS,
        body: { recipient },
        ...by,
      });

    it('gets it from its page, once', async () => {
      const recipient = 'later@example.com';
      const made = await sender.share(canaries.word('mailed later'));
      expect((await createdPage(made.metadata_key)).text).toContain('Mail the link');
      // More presses than the limit has mails.
      const presses = [1, 2, 3, 4, 5, 6];
      const sent = await Promise.all(presses.map(() => mailIt(made.metadata_key, recipient)));
      for (const { status, headers } of sent)
        expect([status, headers.location]).toEqual([303, `/receipt/${made.metadata_key}/created`]);
      const mail = await mailTo(recipient);
      expect(mail.text).toContain(`/secret/${made.secret_key}`);
      const { text } = await createdPage(made.metadata_key);
      expect(text).toContain('The link is on its way to la*****@e*****.com.');
      expect(text).not.toContain('Mail the link');
      expect((await mailIt(made.metadata_key, 'another@example.com')).status).toBe(303);
      await mailTo(recipient);
      const mails = smtp.taken.filter(({ text: body }) => body.includes(made.secret_key));
      expect(mails).toHaveLength(1);
      expect(await sender.metadata(made.metadata_key)).toMatchObject({ state: 'new' });
    });

    it('is refused for what is no address, and beyond the limit, with what was typed', async () => {
      const made = await sender.share('hello');
      for (const typed of ['', 'nobody', 'a b@example.com']) {
        const { status, text } = await mailIt(made.metadata_key, typed);
        expect([status, text]).toEqual([400, expect.stringContaining('no e-mail address')]);
        expect(text).toMatch(typed === '' ? /<details open/ : `value="${typed}"`);
      }
      const limited = await mailIt(made.metadata_key, 'busy@example.com');
      expect([limited.status, limited.text]).toEqual([
        400,
        expect.stringContaining('The link was not mailed'),
      ]);
      expect(await sender.metadata(made.metadata_key)).toMatchObject({ recipient: [] });
    });

    it('is for its owner only, while it is unread', async () => {
      const [guests, own] = [
        await new V1Caller(gateway, 'eu').share('hello'),
        await sender.share('hello'),
      ];
      expect((await createdPage(guests.metadata_key, {})).text).not.toContain('Mail the link');
      expect((await createdPage(own.metadata_key, {})).text).not.toContain('Mail the link');
      const to = 'nobody@example.com';
      const refused = [
        await mailIt(guests.metadata_key, to, {}),
        await mailIt(guests.metadata_key, to),
        await mailIt(own.metadata_key, to, {}),
      ];
      expect(refused.map(({ status }) => status)).toEqual([401, 401, 401]);
      await sender.reveal(own.secret_key);
      expect((await mailIt(own.metadata_key, to)).status).toBe(401);
      expect((await mailIt('0'.repeat(31), to)).status).toBe(404);
    });
  });

  it('needs a sender with an account', async () => {
    const anonymous = new V1Caller(gateway, 'eu');
    for (const name of ['recipient', 'notify_opened']) {
      const value = name === 'recipient' ? 'a@example.com' : 'true';
      const fields: Fields = { secret: 'x', [name]: value };
      const refused = await anonymous.post('/share', fields);
      expect(refused.json<unknown>()).toEqual({
        message: 'An account is required to send emails.',
      });
    }
  });
});

describe('a reader who wants no more mails', () => {
  /** Where the mail says, as a mail program sends it: without cookies, Origin and Authorization. */
  const pathIn = (header = ''): string => {
    const origin = `https://eu.onetime.localhost:${gateway.ports.https}`;
    const [, path = ''] = /^<https:\/\/[^/]+(\/[^>]+)>, <mailto:/.exec(header) ?? [];
    expect(header.startsWith(`<${origin}/unsubscribe/`)).toBe(true);
    return path;
  };
  const press = (path: string, body: Record<string, string>) =>
    gateway.call('eu', { method: 'POST', path, body });
  const ONE_CLICK = { 'List-Unsubscribe': 'One-Click' };

  it('gets no more links after one click, and again after another', async () => {
    const share = () => sender.share('hello', { recipient: 'No-More@example.com', language: 'de' });
    expect(await share()).toMatchObject({ email_sent: true });
    const { headers, text, html } = await mailTo('no-more@example.com');
    expect(headers['list-unsubscribe-post']).toBe('List-Unsubscribe=One-Click');
    const path = pathIn(headers['list-unsubscribe']);
    for (const body of [text, html]) expect(body).toContain(path);
    const page = await gateway.call('eu', { path });
    expect(page.status).toBe(200);
    expect(page.text).toContain('<html lang="de" dir="ltr">');
    expect(page.text.match(/<button>/g)).toHaveLength(1);
    expect((await gateway.call('eu', { path })).text).toBe(page.text);
    for (const again of [1, 2]) {
      const done = await press(path, ONE_CLICK);
      expect([again, done.status]).toEqual([again, 200]);
      expect(done.text).toContain('Sie bekommen keine solchen E-Mails mehr');
    }
    expect(await share()).toMatchObject({ email_sent: false });
    expect((await gateway.call('eu', { path })).text).toContain('Wieder senden');
    expect((await press(path, { again: '1' })).text).toContain('Keine mehr senden');
    expect(await share()).toMatchObject({ email_sent: true });
    await until(
      'the second mail',
      () => smtp.taken.filter(({ to }) => to[0] === 'no-more@example.com').length === 2,
    );
    expect(gateway.logs).not.toContain(path.slice('/unsubscribe/'.length, 60));
  });

  it('gets no more notices, which the account shows and can turn on again', async () => {
    const email = 'quiet@example.com';
    const { auth: own } = await gateway.account('eu', email, 'identity_plus');
    const quiet = new V1Caller(gateway, 'eu', { auth: own });
    const account = (body?: object) =>
      gateway
        .call('eu', {
          path: '/api/account',
          auth: own,
          ...(body && { method: 'PATCH', body: JSON.stringify(body) }),
          headers: { 'content-type': 'application/json' },
        })
        .then((answer) => answer.json<{ record: { notices: boolean } }>().record.notices);
    const openOne = async (): Promise<void> => {
      const { secret_key: key } = await quiet.share('hello', { notify_opened: 'true' });
      await quiet.reveal(key);
    };
    await openOne();
    const { headers } = await mailTo(email);
    const path = pathIn(headers['list-unsubscribe']);
    expect(await account()).toBe(true);
    const multipart =
      '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n';
    const clicked = await gateway.call('eu', {
      method: 'POST',
      path,
      body: multipart,
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
    });
    expect(clicked.status).toBe(200);
    expect(await account()).toBe(false);
    await openOne();
    await until('no event waits', async () => {
      const waiting = await inDatabase(
        `select 1 from outbox, outbox_readers where reader = 'notices'
           and (outbox.position is null or outbox.position > outbox_readers.position)`,
      );
      return waiting.length === 0;
    });
    expect(await account({ notices: true })).toBe(true);
    await openOne();
    const notices = () => smtp.taken.filter(({ to }) => to.includes(email));
    await until('the next notice', () => notices().length > 1);
    await until('no mail waits', async () => {
      const waiting = await inDatabase('select 1 from mails where next_at is not null');
      return waiting.length === 0;
    });
    expect(notices()).toHaveLength(2);
  });

  it('needs the link of a mail', async () => {
    for (const path of [
      '/unsubscribe/x',
      `/unsubscribe/${'A'.repeat(100)}`,
      `/unsubscribe/${'A'.repeat(3000)}`,
    ]) {
      expect((await gateway.call('eu', { path })).status).toBe(404);
      expect((await press(path, ONE_CLICK)).status).toBe(404);
    }
  });
});

const toBusy = () => smtp.taken.filter(({ to }) => to.includes('busy@example.com'));

describe('the sender', () => {
  it('is told when the secret is opened', async () => {
    const shared = await sender.share('hello', { notify_opened: 'true' });
    await sender.reveal(shared.secret_key);
    const mail = await mailTo(OWNER);
    expect(mail.headers['subject']).toBe('Your message was opened');
    expect(`${mail.text} ${mail.html}`).not.toContain(shared.secret_key);
  });
});

describe('a process that is killed after the server has taken a mail', () => {
  it('leaves a mail that no other process repeats', async () => {
    const isTaken = new Promise<void>((resolve) => {
      smtp.beforeAnswer = () => {
        resolve();
        return new Promise(() => undefined);
      };
    });
    await sender.share('hello', { recipient: 'once@example.com' });
    await isTaken;
    smtp.beforeAnswer = null;
    await gateway.end('SIGKILL');
    gateway = await GatewayProcess.start(options());
    // Its lease has minutes to run.
    await inDatabase("update mails set leased_until = now() where state = 'queued'");
    await until('the mail has ended', () => gateway.logs.includes('it is not repeated'));
    await inDatabase("update mails set next_at = now() where state = 'queued'");
    sender = new V1Caller(gateway, 'eu', { auth });
    await sender.share('hello', { recipient: 'after@example.com' });
    await mailTo('after@example.com');
    expect(smtp.taken.filter(({ to }) => to.includes('once@example.com'))).toHaveLength(1);
    const states = await inDatabase('select distinct state, sealed is null as erased from mails');
    expect(states).toEqual(expect.arrayContaining([{ state: 'unconfirmed', erased: true }]));
  });
});

describe('the owner of an account', () => {
  it('changes the address by the codes that both addresses get', async () => {
    const account = await gateway.account('eu', 'before@example.com');
    const call = (path: string, body: object) =>
      gateway.call('eu', {
        method: 'POST',
        path,
        auth: account.auth,
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      });
    expect((await call('/api/account/email-change', { email: 'after@example.org' })).status).toBe(
      202,
    );
    const codes = [];
    for (const address of ['before@example.com', 'after@example.org']) {
      const { text } = await mailTo(address);
      codes.push(/confirm it: (\S+)/.exec(text)?.[1] ?? '');
    }
    for (const code of codes) {
      expect((await call('/api/account/email-change/confirm', { code })).status).toBe(200);
      expect(gateway.logs).not.toContain(code);
    }
    const notice = await until('the notice to the address before', () =>
      smtp.taken.find(({ headers }) => headers['subject']?.includes('has changed')),
    );
    expect(notice.to).toEqual(['before@example.com']);
  });

  it('sees in the activity that a mail was given up', async () => {
    smtp.refusedRecipients.set('nobody@example.com', 550);
    await sender.share('hello', { recipient: 'nobody@example.com' });
    const activity = await until('the line', async () => {
      const answer = await gateway.call('eu', { path: '/api/account/activity', auth });
      return answer.text.includes('mail.failed') && answer.text;
    });
    expect(activity).not.toContain('nobody');
  });
});
