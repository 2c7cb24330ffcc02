import { jest } from '@jest/globals';
import pg from 'pg';
import type { AccountMessage } from '../../../src/accounts/email-change/account-mail.js';
import { GATEWAY } from '../../../src/accounts/activity/activity.js';
import { note } from '../../../src/certificates/stores/certificate-timeline.js';
import { writeEvents } from '../../../src/domains/claims/domain-timeline.js';
import type { DomainEntity } from '../../../src/domains/domain.entity.js';
import { HostBrand } from '../../../src/brand/host-brand.js';
import type { DomainDirectory } from '../../../src/domains/serving/domain-directory.js';
import { AddressMail } from '../../../src/notices/address-mail.js';
import { MailBrands } from '../../../src/notices/mail-brand.js';
import { EventNotices } from '../../../src/notices/event-notices.js';
import { MESSAGES } from '../../../src/notices/mail-messages.js';
import { NoticesJob } from '../../../src/notices/notices.job.js';
import { UnsubscribeLinks } from '../../../src/notices/unsubscribe-links.js';
import { appendEvent } from '../../../src/outbox/append-event.js';
import { OutboxListeners } from '../../../src/outbox/outbox-listeners.js';
import { OutboxReader } from '../../../src/outbox/outbox-reader.js';
import { ReceiptStore } from '../../../src/secrets/receipt.store.js';
import type { Clock } from '../../../src/shared/clock.js';
import { requireHostname } from '../../../src/shared/hostname.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { certify } from '../domains/support.js';
import { MAIL_CELL, openMailRoom, RecordingSender, type MailRoom } from '../mail/mail-room.js';
import { anonymous, conceal, openRoom, owner, ownerCaller, type Room } from '../secrets/support.js';

const DAY = 86_400_000;
const NAME = requireHostname('secrets.acme.example');
const domain = {
  id: '11111111-1111-4111-8111-111111111111',
  extid: 'cd1234',
  hostname: NAME,
  accountId: owner.id,
} as unknown as DomainEntity;

const brands = new MailBrands(
  MAIL_CELL,
  { find: () => null } as unknown as DomainDirectory,
  await HostBrand.load(MAIL_CELL.host, null),
);

let database: TestDatabase;
let sender: RecordingSender;
let mails: MailRoom;
let room: Room;

beforeAll(async () => {
  database = await openTestDatabase();
  sender = new RecordingSender();
  mails = openMailRoom(database, sender);
  room = openRoom(database);
  // It listens. Its loop would take the events, and hold them while the rounds below find none.
  const listener = job();
  await listener.onModuleInit();
  await listener.onModuleDestroy();
  await database.dataSource.query(
    `insert into accounts (id, email, email_key, plan) values ($1, $2, $2, 'identity_plus')`,
    [owner.id, owner.email],
  );
  await database.dataSource.query(
    `insert into domains (id, extid, account_id, hostname, display_name, registrable_domain, is_apex, target_label,
       challenge_label, challenge_value) values ($1, $2, $3, $4, 'x', 'x', false, 'x', 'x', 'x')`,
    [domain.id, domain.extid, owner.id, NAME],
  );
});
beforeEach(async () => {
  await database.dataSource.query('delete from mails');
  await database.dataSource.query('delete from standing_notices');
  sender.taken.length = 0;
});
afterAll(async () => {
  await database.close();
});

function job(): NoticesJob {
  return new NoticesJob(
    new OutboxReader(database.dataSource, database.statements),
    new OutboxListeners(database.dataSource),
    new EventNotices(
      MAIL_CELL,
      mails.queue,
      brands,
      new UnsubscribeLinks(mails.refusals, mails.tokens),
    ),
  );
}

/** The subjects of the mails that follow from the events so far. */
async function subjects(): Promise<(string | undefined)[]> {
  const own = job();
  while (await own.round());
  await mails.job.round();
  return sender.taken.map(({ headers }) => headers['subject']);
}

const domainEvent = (type: string, detail: Record<string, unknown> = {}): Promise<void> =>
  database.dataSource.transaction((manager) =>
    writeEvents(manager, domain, [{ axis: 'ownership', type, detail }], GATEWAY),
  );

async function certificateEvent(
  type: string,
  { endsInDays = 80, isUrgent = false, ...detail }: Record<string, unknown> = {},
): Promise<void> {
  await database.dataSource.query(
    `insert into issuances (hostname, registrable_domain, domain_id, not_after, urgent_at)
     values ($1, 'x', $2, $3, $4)
     on conflict (hostname) do update set not_after = excluded.not_after, urgent_at = excluded.urgent_at`,
    [
      NAME,
      domain.id,
      endsInDays === null ? null : new Date(Date.now() + Number(endsInDays) * DAY),
      new Date(Date.now() + (isUrgent === true ? -DAY : DAY)),
    ],
  );
  await database.dataSource.transaction((manager) =>
    note(manager, { domainId: domain.id, hostname: NAME, type, detail }),
  );
}

describe('the sender of a secret', () => {
  it('is told once that it was opened, if that was asked for', async () => {
    await conceal(room, {}, ownerCaller).then(({ secretKey }) =>
      room.secrets.reveal(anonymous, secretKey, null),
    );
    const asked = await conceal(
      room,
      { notifiesOpened: true, recipients: ['them@example.com'] },
      ownerCaller,
    );
    expect(await subjects()).toEqual([]);
    await room.secrets.reveal(anonymous, asked.secretKey, null);
    await expect(room.secrets.reveal(anonymous, asked.secretKey, null)).rejects.toThrow();
    expect(await subjects()).toEqual(['Your message was opened']);
    const [mail] = sender.taken;
    expect(mail?.to).toBe(owner.email);
    expect(mail?.text).toContain('It was for th*****@e*****.com.');
    expect(mail?.headers['list-unsubscribe']).toMatch(
      /^<https:\/\/eu\.onetime\.example\/unsubscribe\/[\w-]+\?lang=en>, <mailto:/,
    );
    for (const key of Object.values(asked)) expect(JSON.stringify(mail)).not.toContain(key);
    // Read again from the start, as after a restore of the readers' table.
    await database.dataSource.query('update outbox_readers set position = 0');
    expect(await subjects()).toHaveLength(1);
  });

  it('is not told of a secret that was burned, also by wrong guesses', async () => {
    const { metadataKey } = await conceal(room, { notifiesOpened: true }, ownerCaller);
    await room.receipts.burn(ownerCaller, metadataKey, null);
    const guessed = await conceal(
      room,
      { notifiesOpened: true, passphrase: 'open sesame', guessesMax: 1 },
      ownerCaller,
    );
    await expect(room.secrets.reveal(anonymous, guessed.secretKey, 'wrong')).rejects.toThrow();
    expect(await subjects()).toEqual([]);
  });
});

async function addressMail(to: string): Promise<(string | undefined)[]> {
  const address = new AddressMail(brands, mails.queue, { now: () => new Date() } as Clock);
  const message = { kind: 'email_in_use', accountId: owner.id, to } as const;
  await database.dataSource.transaction((manager) => address.accept(manager, message));
  return subjects();
}

it('a new address has as many statements run whether it has an account or not', async () => {
  const address = new AddressMail(brands, mails.queue, { now: () => new Date() } as Clock);
  const query = jest.spyOn(pg.Client.prototype, 'query');
  const about = { accountId: owner.id, expiresAt: new Date(Date.now() + DAY) } as const;
  const statementsOf = async (message: AccountMessage): Promise<number> => {
    query.mockClear();
    await database.dataSource.transaction((manager) => address.accept(manager, message));
    return query.mock.calls.length;
  };
  const unknown = await statementsOf({
    kind: 'email_change_new',
    ...about,
    to: 'nobody@example.com',
    code: 'aaaa-bbbb-cccc-dddd',
  });
  expect(unknown).toBeGreaterThan(2);
  expect(await statementsOf({ kind: 'email_in_use', accountId: owner.id, to: owner.email })).toBe(
    unknown,
  );
  query.mockRestore();
});

describe('an address that refuses notices', () => {
  const notices = { list: 'notices', address: owner.email } as const;
  afterEach(() => mails.refusals.remove(notices));

  it('gets none, but its codes, and notices of what begins after it wants them again', async () => {
    await mails.refusals.add(notices);
    await certificateEvent('expiring', { endsInDays: 10 });
    await certificateEvent('issued');
    expect(await subjects()).toEqual([]);
    expect(await addressMail(owner.email)).toEqual([MESSAGES.en.address.usedSubject]);
    expect(sender.taken[0]?.headers).not.toHaveProperty('list-unsubscribe');
    await mails.refusals.remove(notices);
    await certificateEvent('expiring', { endsInDays: 10 });
    expect(await subjects()).toContain(MESSAGES.en.certificateTrouble.subject(NAME));
    await certificateEvent('issued');
    await subjects();
  });
});

describe('the language of an account', () => {
  const speaks = (language: string | null): Promise<unknown> =>
    database.dataSource.query('update accounts set language = $1', [language]);
  afterEach(() => speaks(null));

  it('is that of its notices', async () => {
    await speaks('de');
    await certificateEvent('expiring', { endsInDays: 10 });
    expect(await subjects()).toEqual([MESSAGES.de.certificateTrouble.subject(NAME)]);
    expect(sender.taken[0]?.headers['content-language']).toBe('de');
    await certificateEvent('issued');
    expect(await subjects()).toContain(MESSAGES.de.certificateRenewed.subject(NAME));
  });

  it('is that of the mails about its address, and the one of the addressee if that has an account', async () => {
    await speaks('fr');
    expect(await addressMail('nobody@example.com')).toEqual([MESSAGES.fr.address.usedSubject]);
    await database.dataSource.query(
      `insert into accounts (email, email_key, plan, language) values ('b@example.com', 'b@example.com', 'basic', 'nl')`,
    );
    expect(await addressMail('B@example.com')).toContain(MESSAGES.nl.address.usedSubject);
  });
});

describe('the owner of a domain', () => {
  it('is told in the brand of the domain while it serves, and under its name otherwise', async () => {
    const brand = {
      product_name: 'Acme Vault',
      primary_color: '#7A1F5C',
      footer_text: 'Acme, Room 1',
    };
    const become = (ownership: string) =>
      database.dataSource.query('update domains set ownership = $2, look = $3 where id = $1', [
        domain.id,
        ownership,
        { brand },
      ]);
    await certify(database, NAME);
    await become('verified');
    await certificateEvent('expiring', { endsInDays: 10 });
    await subjects();
    await become('pending');
    const [mail] = sender.taken;
    expect(mail?.headers['from']).toContain('Acme Vault');
    expect(mail?.html).toContain('#7A1F5C');
    for (const text of [mail?.html, mail?.text]) expect(text).toContain('Acme, Room 1');
    await certificateEvent('issued');
    await subjects();
    expect(sender.taken.at(-1)?.headers['from']).toContain(NAME);
  });

  it('is told once for each time that the proof is missing', async () => {
    const since = new Date('2026-11-20T10:00:00Z');
    const missing = { missing_since: since, lapses_at: new Date(since.getTime() + 7 * DAY) };
    const told = `The DNS record that proves ${NAME} is missing`;
    await domainEvent('proof_missing', missing);
    await domainEvent('proof_missing', missing);
    expect(await subjects()).toEqual([told]);
    const [mail] = sender.taken;
    expect(mail?.text.replaceAll(/\s+/g, ' ')).toContain('November 27, 2026 at 10:00 AM UTC');
    expect(mail?.text).toContain(`https://eu.onetime.example/api/domains/${domain.extid}`);
    expect(mail?.headers['from']).toContain(NAME);
    await domainEvent('proof_returned');
    expect(await subjects()).toEqual([told]);
    await domainEvent('proof_missing', missing);
    expect(await subjects()).toEqual([told, told]);
  });

  it('is told that a domain was moved to another account, in the look of the region', async () => {
    await domainEvent('transferred');
    expect(await subjects()).toEqual([`${NAME} has moved to another account`]);
    expect(sender.taken[0]?.headers['from']).not.toContain(NAME);
  });

  it('is told that a certificate is not renewing, and that it is renewed, once for each time', async () => {
    const trouble = `The certificate of ${NAME} is not renewing`;
    const renewed = `The certificate of ${NAME} is renewed`;
    // Nothing to renew yet, and a failure that the next attempt may end.
    await certificateEvent('failed', { endsInDays: null, attempts: 9 });
    await certificateEvent('failed', { attempts: 1 });
    await certificateEvent('issued');
    expect(await subjects()).toEqual([]);
    await certificateEvent('failed', { attempts: 3 });
    await certificateEvent('held', { isUrgent: true });
    expect(await subjects()).toEqual([trouble]);
    await certificateEvent('expired', { endsInDays: -1 });
    await certificateEvent('issued');
    await certificateEvent('issued');
    expect(await subjects()).toEqual([trouble, renewed]);
    await certificateEvent('held', { isUrgent: true });
    expect(await subjects()).toEqual([trouble, renewed, trouble]);
  });

  it('is told that an uploaded certificate ends, and no more once the domain is released', async () => {
    await certificateEvent('expiring', { endsInDays: 10 });
    expect(await subjects()).toEqual([`The certificate of ${NAME} is not renewing`]);
    expect(sender.taken[0]?.text).toContain('Upload a new one');
    await domainEvent('released', { reason: 'by_owner' });
    await certificateEvent('issued');
    expect(await subjects()).toHaveLength(1);
  });

  it('is told that a webhook was disabled, and where its log is', async () => {
    const subject = { id: 'w1', name: 'audit', host: 'hooks.example.com', reason: 'failing' };
    const event = { accountId: owner.id, type: 'webhook.disabled', subject };
    await appendEvent(database.dataSource.manager, event);
    expect(await subjects()).toEqual(['The webhook audit is disabled']);
    expect(sender.taken[0]?.text).toContain('/api/account/webhooks/w1/deliveries');
  });

  it('is not held up by an event that is not understood, nor told of one of an account that is gone', async () => {
    await domainEvent('proof_missing', { missing_since: 'yesterday' });
    await certificateEvent('failed', { attempts: 4 });
    expect(await subjects()).toHaveLength(1);
    await certificateEvent('issued');
    await database.dataSource.query('delete from accounts where id = $1', [owner.id]);
    expect(await subjects()).toHaveLength(1);
    await new ReceiptStore(database.statements).burnAllOf(owner.id);
  });
});
