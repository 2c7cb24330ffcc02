import { randomUUID } from 'node:crypto';
import { appendEvent } from '../../../src/outbox/append-event.js';
import { OutboxListeners } from '../../../src/outbox/outbox-listeners.js';
import { OutboxReader } from '../../../src/outbox/outbox-reader.js';
import type { StoredEvent } from '../../../src/outbox/outbox-event.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { conceal, openRoom, ownerCaller, anonymous, owner, type Room } from '../secrets/support.js';

let database: TestDatabase;
let listeners: OutboxListeners;
let room: Room;

beforeAll(async () => {
  database = await openTestDatabase();
  listeners = new OutboxListeners(database.dataSource);
  room = openRoom(database);
});
beforeEach(() => database.dataSource.query('truncate outbox, outbox_listeners, outbox_readers'));
afterAll(() => database.close());

const reader = (): OutboxReader => new OutboxReader(database.dataSource, database.statements);
const stored = (): Promise<StoredEvent[]> =>
  database.dataSource.query<StoredEvent[]>('select * from outbox order by id');

function append(type: string, accountId = owner.id as string): Promise<void> {
  return appendEvent(database.dataSource.manager, { accountId, type, subject: { id: type } });
}

/** Reads all that is there. */
async function readAll(name: string, by = reader(), types: string[] = []): Promise<string[]> {
  const note = async (_: unknown, events: readonly StoredEvent[]): Promise<void> => {
    types.push(...events.map(({ type }) => type));
  };
  while (await by.read(name, note));
  return types;
}

describe('an event', () => {
  it('is written only where somebody listens to its type or kind', async () => {
    const other = randomUUID();
    await listeners.listen('hooks', owner.id, ['domain.lost', 'secret.*']);
    await listeners.listen('notices', null, ['certificate.failed']);
    for (const accountId of [owner.id, other])
      for (const type of ['domain.lost', 'domain.verified', 'secret.burned', 'certificate.failed'])
        await append(type, accountId);
    const written = await stored();
    expect(written.map(({ type }) => type)).toEqual([
      'domain.lost',
      'secret.burned',
      'certificate.failed',
      'certificate.failed',
    ]);
    await listeners.listen('hooks', owner.id, []);
    await append('domain.lost');
    expect(await stored()).toHaveLength(4);
  });

  it('of a secret is written in the statement of its change, and has nothing that opens it', async () => {
    await listeners.listen('hooks', owner.id, ['secret.*']);
    const before = room.statements.ran.length;
    const opened = await conceal(room, { recipients: ['them@example.com'] }, ownerCaller);
    const burned = await conceal(room, {}, ownerCaller);
    await room.secrets.reveal(anonymous, opened.secretKey, null);
    await room.receipts.burn(ownerCaller, burned.metadataKey, null);
    expect(room.statements.ran.slice(before)).toEqual([
      'secrets_insert',
      'secrets_insert',
      'secrets_find',
      'secrets_claim',
      'receipts_find_with_secret',
      'secrets_claim',
    ]);
    await expect(room.secrets.reveal(anonymous, opened.secretKey, null)).rejects.toThrow();
    const events = await stored();
    expect(events.map(({ type }) => type)).toEqual([
      'secret.created',
      'secret.created',
      'secret.revealed',
      'secret.burned',
    ]);
    expect(events[2]?.subject['id']).toBe(events[0]?.subject['id']);
    expect(events[0]?.subject).toMatchObject({ recipients: ['th*****@e*****.com'], domain: null });
    const text = JSON.stringify(events);
    for (const key of [...Object.values(opened), ...Object.values(burned), 'a value'])
      expect(text).not.toContain(key);
  });

  it('of a secret without a listener is not written, whoever made it', async () => {
    await listeners.listen('notices', null, ['secret.*']);
    for (const caller of [anonymous, ownerCaller]) {
      const { secretKey } = await conceal(room, {}, caller);
      await room.secrets.reveal(anonymous, secretKey, null);
    }
    expect(await stored()).toEqual([]);
  });
});

describe('a reader', () => {
  beforeEach(() => listeners.listen('all', null, ['domain.*']));

  it('gets each event once and in order, each reader for itself', async () => {
    const types = Array.from({ length: 450 }, (_, index) => `domain.event${index}`);
    for (const type of types) await append(type);
    expect(await readAll('first')).toEqual(types);
    await append('domain.last');
    expect(await readAll('first')).toEqual(['domain.last']);
    expect(await readAll('second')).toEqual([...types, 'domain.last']);
  });

  it('misses no event that became visible after a younger one', async () => {
    const slow = database.dataSource.createQueryRunner();
    await slow.startTransaction();
    const event = { accountId: owner.id, type: 'domain.older', subject: {} };
    await appendEvent(slow.manager, event);
    await append('domain.younger');
    expect(await readAll('first')).toEqual(['domain.younger']);
    await slow.commitTransaction();
    await slow.release();
    expect(await readAll('first')).toEqual(['domain.older']);
  });

  it('gets a batch again when its work fails, and nothing of the failed work stays', async () => {
    await append('domain.one');
    const failing = reader().read('first', async (manager) => {
      await manager.query("insert into standing_notices (key) values ('half done')");
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await database.dataSource.query('select from standing_notices')).toEqual([]);
    expect(await readAll('first')).toEqual(['domain.one']);
  });

  it('works in one process at a time', async () => {
    const types = Array.from({ length: 300 }, (_, index) => `domain.event${index}`);
    for (const type of types) await append(type);
    const seen: string[] = [];
    const rounds = [1, 2, 3].map(async () => {
      const own = reader();
      while (seen.length < types.length) await readAll('first', own, seen);
    });
    await Promise.all(rounds);
    expect(seen).toEqual(types);
  });
});
