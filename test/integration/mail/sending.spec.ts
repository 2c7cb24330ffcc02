import { until } from '../../support/until.js';
import { newTlsPair } from '../../support/pebble-tls-pair.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { TestSmtp } from '../../support/test-smtp.js';
import { aMail, configFor, openMailRoom, QUICK, type MailRoom } from './mail-room.js';

interface Row {
  readonly id: string;
  readonly state: string;
  readonly attempts: number;
  readonly problem: string | null;
  readonly isErased: boolean;
  readonly waitSeconds: number | null;
}

let database: TestDatabase;
let smtp: TestSmtp;
let room: MailRoom;

beforeAll(async () => {
  [database, smtp] = await Promise.all([openTestDatabase(), TestSmtp.start()]);
  room = openMailRoom(database, configFor(smtp));
});
beforeEach(async () => {
  await database.dataSource.query('delete from mails');
  smtp.taken.length = 0;
  smtp.verdicts.length = 0;
  smtp.refusedRecipients.clear();
  smtp.beforeAnswer = null;
  room.failed.length = 0;
});
afterAll(async () => {
  await smtp.stop();
  await database.close();
});

const rows = (): Promise<Row[]> =>
  database.dataSource.query<Row[]>(
    `select id, state, attempts, problem, sealed is null as "isErased",
       extract(epoch from next_at - now())::int as "waitSeconds" from mails order by created_at`,
  );
const add = (change = {}, by = room): Promise<boolean> =>
  by.queue.add(database.dataSource.manager, aMail(change));
const makeDue = (): Promise<unknown> =>
  database.dataSource.query(
    'update mails set next_at = now(), leased_until = null where next_at is not null',
  );

describe('a mail', () => {
  it('leaves by STARTTLS with its envelope, headers and both bodies, and is erased', async () => {
    await add({
      subject: 'Grüße',
      text: 'Zeile eins\n',
      html: '<p>Zeile eins</p>',
      unsubscribeUrl: `https://eu.onetime.example/unsubscribe/${'t'.repeat(400)}`,
    });
    const [queued] = await rows();
    await room.job.round();
    expect(smtp.taken).toHaveLength(1);
    const [mail] = smtp.taken;
    expect(mail).toMatchObject({
      from: 'bounces@onetime.example',
      to: ['reader@example.com'],
      isSecure: true,
      html: expect.stringContaining('<p>Zeile eins</p>'),
    });
    expect(mail?.text.trim()).toBe('Zeile eins');
    expect(mail?.headers).toMatchObject({
      subject: 'Grüße',
      from: '"eu.onetime.example" <no-reply@onetime.example>',
      to: 'reader@example.com',
      'message-id': `<${queued?.id}@onetime.example>`,
      date: expect.stringMatching(/\+0000$/),
      'auto-submitted': 'auto-generated',
      'content-language': 'en',
      'list-unsubscribe': `<https://eu.onetime.example/unsubscribe/${'t'.repeat(400)}>, <mailto:no-reply@onetime.example?subject=unsubscribe%20${queued?.id}>`,
      'list-unsubscribe-post': 'List-Unsubscribe=One-Click',
    });
    expect(await rows()).toMatchObject([{ state: 'sent', attempts: 1, isErased: true }]);
  });

  it('is refused by a server that offers no STARTTLS, or has a certificate of somebody else', async () => {
    const plain = await TestSmtp.start({ disabledCommands: ['STARTTLS'] });
    const stranger = await newTlsPair();
    for (const [config, problem] of [
      [configFor(plain), /^tls/],
      [configFor(smtp, { roots: stranger.certificatePem }), /^tls/],
      [configFor(smtp, { roots: null }), /^tls/],
      [configFor(smtp, { tls: 'implicit' }), /^tls/],
    ] as const) {
      await database.dataSource.query('delete from mails');
      const careful = openMailRoom(database, config);
      await add({}, careful);
      await careful.job.round();
      const [row] = await rows();
      expect(row).toMatchObject({ state: 'queued', attempts: 1, isErased: false });
      expect(row?.problem).toMatch(problem);
    }
    expect([...plain.taken, ...smtp.taken]).toEqual([]);
    await plain.stop();
  });

  it('leaves by implicit TLS, with credentials', async () => {
    const tried: string[] = [];
    const implicit = await TestSmtp.start({
      secure: true,
      authOptional: false,
      onAuth: ({ username, password }, _session, done) => {
        tried.push(`${username}:${password}`);
        if (password === 'p@ss') done(null, { user: username });
        else done(new Error('no'));
      },
    });
    const config = configFor(implicit, { tls: 'implicit' });
    const wrong = openMailRoom(database, { ...config, credentials: { user: 'u', pass: 'no' } });
    await add({}, wrong);
    await wrong.job.round();
    expect(await rows()).toMatchObject([{ state: 'queued', problem: 'sign_in 535 EAUTH' }]);
    await makeDue();
    const right = openMailRoom(database, { ...config, credentials: { user: 'u', pass: 'p@ss' } });
    await right.job.round();
    expect(implicit.taken).toMatchObject([{ isSecure: true }]);
    expect(tried).toEqual(['u:no', 'u:p@ss']);
    await implicit.stop();
  });

  it('is repeated with the same Message-ID after 4xx, later each time', async () => {
    smtp.verdicts.push({ status: 451 }, { status: 421 });
    await add();
    await room.job.round();
    const [first] = await rows();
    expect(first).toMatchObject({ state: 'queued', attempts: 1, isErased: false });
    expect(first?.problem).toMatch(/^refused 451/);
    expect(first?.waitSeconds).toBeGreaterThan(50);
    // Not due yet.
    await room.job.round();
    expect(await rows()).toMatchObject([{ attempts: 1 }]);
    await makeDue();
    await room.job.round();
    const [second] = await rows();
    expect(second?.waitSeconds).toBeGreaterThan((first?.waitSeconds ?? 0) + 30);
    await makeDue();
    await room.job.round();
    expect(await rows()).toMatchObject([{ state: 'sent', attempts: 3, isErased: true }]);
    expect(smtp.taken.map(({ headers }) => headers['message-id'])).toEqual([
      `<${first?.id}@onetime.example>`,
    ]);
  });

  it('has failed after 5xx about it, is erased, and somebody is told', async () => {
    smtp.verdicts.push({ status: 552 });
    smtp.refusedRecipients.set('gone@example.com', 550);
    await add({ kind: 'too_large' });
    await add({ kind: 'unknown', to: 'gone@example.com' });
    await room.job.round();
    expect(await rows()).toMatchObject([
      { state: 'failed', isErased: true },
      { state: 'failed', isErased: true },
    ]);
    expect(room.failed.map(({ kind }) => kind).sort()).toEqual(['too_large', 'unknown']);
    expect(JSON.stringify([room.failed, await rows()])).not.toContain('gone@example.com');
    expect(await room.metrics.metrics()).toContain('gateway_mails_total{result="failed"} 2');
  });

  it('is given up when it would be too late', async () => {
    smtp.verdicts.push({ status: 451 });
    await add({ usefulSeconds: 30 });
    await room.job.round();
    expect(await rows()).toMatchObject([{ state: 'failed', isErased: true }]);
    await add({ usefulSeconds: 3600 });
    await database.dataSource.query(
      "update mails set give_up_at = now() - interval '1 second' where state = 'queued'",
    );
    await room.job.round();
    expect(smtp.taken).toEqual([]);
    expect(room.failed.map(({ problem }) => problem)).toEqual([
      expect.stringMatching(/^refused 451/),
      'too late',
    ]);
  });
});

describe('a server that is slow or away', () => {
  it('that hangs holds up no other mail, and ends with a time-out', async () => {
    smtp.verdicts.push('hang');
    await add({ subject: 'first' });
    const hanging = room.job.round();
    await until('the first is on its way', () => smtp.atOnce === 1);
    await add({ subject: 'second' });
    await openMailRoom(database, configFor(smtp)).job.round();
    expect(smtp.taken.map(({ headers }) => headers['subject'])).toEqual(['second']);
    await hanging;
    smtp.atOnce = 0;
    expect(await rows()).toMatchObject([
      { state: 'queued', problem: expect.stringMatching(/^timeout/) },
      { state: 'sent' },
    ]);
  });

  it('that does not greet, or does not listen, is tried again', async () => {
    const silent = await TestSmtp.start({ onConnect: () => undefined });
    const greeting = openMailRoom(database, configFor(silent), { ...QUICK, greetingMs: 200 });
    await add({}, greeting);
    await greeting.job.round();
    expect((await rows())[0]?.problem).toMatch(/^timeout/);
    await silent.stop();
    await makeDue();
    await greeting.job.round();
    expect(await rows()).toMatchObject([
      { state: 'queued', attempts: 2, problem: 'connection ESOCKET', isErased: false },
    ]);
  });

  it('takes 50 mails, several at a time', async () => {
    const names = Array.from({ length: 50 }, (_, index) => `reader${index}@example.com`);
    for (const to of names) await add({ to });
    smtp.atOnceMax = 0;
    while ((await rows()).some(({ state }) => state === 'queued')) await room.job.round();
    expect(smtp.taken.flatMap(({ to }) => to).sort()).toEqual(names.sort());
    expect(smtp.atOnceMax).toBeLessThanOrEqual(QUICK.parallel);
  });
});

describe('at most once', () => {
  it('two processes with one queue send each mail once', async () => {
    const other = openMailRoom(database, configFor(smtp));
    const names = Array.from({ length: 30 }, (_, index) => `reader${index}@example.com`);
    for (const to of names) await add({ to });
    while ((await rows()).some(({ state }) => state === 'queued'))
      await Promise.all([room.job.round(), other.job.round()]);
    expect(smtp.taken.flatMap(({ to }) => to).sort()).toEqual(names.sort());
  });

  it('a mail whose process ended after the server took it is not sent again', async () => {
    await add();
    const [leased] = await room.store.takeDue('a process that ends', 1);
    expect(await room.store.begin(leased!)).toBe(true);
    // Its lease holds.
    await room.job.round();
    expect(await rows()).toMatchObject([{ state: 'queued', attempts: 1 }]);
    await makeDue();
    await room.job.round();
    expect(smtp.taken).toEqual([]);
    expect(await rows()).toMatchObject([{ state: 'unconfirmed', isErased: true }]);
    expect(room.failed).toMatchObject([{ end: 'unconfirmed', problem: 'process ended' }]);
  });

  it('a process that has lost its lease sends nothing and writes nothing', async () => {
    await add();
    const [late] = await room.store.takeDue('late', 1);
    await makeDue();
    const [owner] = await room.store.takeDue('owner', 1);
    expect(await room.store.begin(late!)).toBe(false);
    expect(await room.store.end(late!, 'failed', 'x')).toBe(false);
    expect(await room.store.postpone(late!, 'x', 60)).toBe(false);
    expect(await room.store.begin(owner!)).toBe(true);
    expect(await room.store.end(owner!, 'sent', null)).toBe(true);
  });

  it('of several mails with one key the first is queued', async () => {
    const added = await Promise.all([1, 2, 3].map(() => add({ uniqueKey: 'event 7' })));
    expect(added.filter(Boolean)).toHaveLength(1);
    await room.job.round();
    expect(await add({ uniqueKey: 'event 7' })).toBe(false);
    expect(smtp.taken).toHaveLength(1);
  });
});

describe('what a mail says', () => {
  it.each([
    'a@example.com\r\nBcc: evil@example.com',
    'a@example.com, b@example.com',
    'group: a@example.com, b@example.com;',
    'a@example.com>\r\nRCPT TO:<evil@example.com',
    '"a b"@example.com',
    '<a@example.com>',
    '',
  ])('goes to no address that is not one: %j', async (to) => {
    expect(await add({ to })).toBe(false);
    expect(await rows()).toEqual([]);
  });

  it('adds no header and no recipient, whatever its fields have', async () => {
    const evil = 'x\r\nBcc: evil@example.com\r\n\r\n<b>body</b>';
    await add({
      subject: evil,
      senderName: evil,
      text: '.\r\nRCPT TO:<evil@example.com>\r\n.\r\n',
    });
    await room.job.round();
    const [mail] = smtp.taken;
    expect(mail?.to).toEqual(['reader@example.com']);
    expect(mail?.headers).not.toHaveProperty('bcc');
    expect(mail?.text).toContain('RCPT TO:<evil@example.com>');
    expect(smtp.taken).toHaveLength(1);
  });

  it('is sealed in the row, and opens in no other row', async () => {
    await add({ text: 'canary-of-the-text', to: 'canary@example.com' });
    await add({ to: 'other@example.com' });
    const stored = await database.dataSource.query<{ row: string; sealed: Buffer }[]>(
      'select mails::text as row, sealed from mails',
    );
    for (const { row, sealed } of stored)
      expect(`${row} ${sealed.toString('latin1')}`).not.toMatch(/canary/);
    await database.dataSource.query(
      `update mails set sealed = (select sealed from mails m where m.id <> mails.id limit 1)`,
    );
    await room.job.round();
    expect(smtp.taken).toEqual([]);
    expect(room.failed.map(({ problem }) => problem)).toEqual(['unopened', 'unopened']);
  });
});
