import { randomBytes } from 'node:crypto';
import { PassphraseQueue } from '../../../src/secrets/passphrase-queue.js';
import { AppError } from '../../../src/shared/app-error.js';
import { requireHostname } from '../../../src/shared/hostname.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import {
  OTHER_ROOT_KEY,
  ROOT_KEY,
  anonymous,
  conceal,
  gone,
  onDomain,
  openRoom,
  type Room,
} from './support.js';

class FullQueue extends PassphraseQueue {
  override stretch(): Promise<Buffer> {
    return Promise.reject(new AppError('busy', 'full', { retryAfterSeconds: 1 }));
  }
}

class CountedQueue extends PassphraseQueue {
  count = 0;

  protected override hash(passphrase: string, salt: Buffer): Promise<Buffer> {
    this.count += 1;
    return super.hash(passphrase, salt);
  }
}

/** Stretches one spelling whatever was typed, as a version without the rule did. */
class AsTypedQueue extends PassphraseQueue {
  constructor(private readonly typed: string) {
    super();
  }

  protected override hash(_prepared: string, salt: Buffer): Promise<Buffer> {
    return super.hash(this.typed, salt);
  }
}

describe('revealing', () => {
  let database: TestDatabase;
  let room: Room;

  beforeAll(async () => {
    database = await openTestDatabase();
    room = openRoom(database);
  });
  afterAll(() => database.close());

  const reveal = (key: string, passphrase: string | null = null, from = room) =>
    from.secrets.reveal(anonymous, key, passphrase);

  it('returns the value byte for byte, once', async () => {
    const value = 'line\r\nline\n\u0000 😀 {"nonce":"x"}';
    const { secretKey } = await conceal(room, { value });
    await expect(reveal(secretKey)).resolves.toMatchObject({ value, domain: null });
    await expect(reveal(secretKey)).rejects.toEqual(gone);
  });

  describe('with a passphrase', () => {
    const spellings = ['Café 1\u00A0２', 'Cafe\u0301\u30001 2', 'Ｃafé 1 2', 'Cafe\u0301 1\t2'];
    const [typed = ''] = spellings;

    it.each(spellings)('opens and burns by any spelling of it: %j', async (spelling) => {
      const opened = await conceal(room, { passphrase: 'Café 1 2' });
      const burned = await conceal(room, { passphrase: spelling });
      await expect(reveal(opened.secretKey, 'café 1 2')).rejects.toEqual(gone);
      const revealed = await reveal(opened.secretKey, spelling);
      expect(revealed.value).toBe('a value');
      await expect(
        room.receipts.burn(anonymous, burned.metadataKey, 'Café 1 2'),
      ).resolves.toMatchObject({ receipt: { state: 'burned' } });
    });

    it('opens and burns one from before the rule only as it was typed then', async () => {
      const before = openRoom(database, { queue: new AsTypedQueue(typed) });
      const made = [
        await conceal(before, { passphrase: typed }),
        await conceal(before, { passphrase: typed }),
      ] as const;
      await database.dataSource.query(
        'update secrets set passphrase_rule = null where salt is not null',
      );
      const [read, burned] = made;
      await expect(reveal(read.secretKey, 'Café 1 2')).rejects.toEqual(gone);
      await expect(reveal(read.secretKey, typed)).resolves.toMatchObject({ value: 'a value' });
      await expect(
        room.receipts.burn(anonymous, burned.metadataKey, 'Café 1 2'),
      ).rejects.toMatchObject({ code: 'wrong_passphrase' });
      await expect(room.receipts.burn(anonymous, burned.metadataKey, typed)).resolves.toMatchObject(
        { receipt: { state: 'burned' } },
      );
    });

    it('stores the rule with a passphrase only', async () => {
      await database.dataSource.query('truncate secrets');
      await conceal(room);
      await conceal(room, { passphrase: typed });
      const rows = await database.dataSource.query<{ rule: number | null }[]>(
        'select passphrase_rule as rule from secrets order by salt is null',
      );
      expect(rows.map(({ rule }) => rule)).toEqual([1, null]);
    });
  });

  it('runs one statement to conceal and two to reveal', async () => {
    await conceal(room);
    room.statements.ran.length = 0;
    const { secretKey } = await conceal(room);
    expect(room.statements.ran).toEqual(['secrets_insert']);
    await reveal(secretKey);
    expect(room.statements.ran.slice(1)).toEqual(['secrets_find', 'secrets_claim']);
  });

  it('opens a secret without a passphrase with any passphrase', async () => {
    const { secretKey } = await conceal(room);
    await expect(reveal(secretKey, 'anything')).resolves.toMatchObject({ value: 'a value' });
  });

  it('fails alike, with the same hashing, for every key that opens nothing', async () => {
    const queue = new CountedQueue();
    const counted = openRoom(database, { queue });
    const revealed = await conceal(counted);
    await reveal(revealed.secretKey);
    const expired = await conceal(counted);
    await database.dataSource.query("update secrets set expires_at = now() - interval '1 second'");
    const { secretKey: locked, metadataKey } = await conceal(counted, { passphrase: 'right' });
    queue.count = 0;

    const dead = [
      revealed.secretKey,
      expired.secretKey,
      metadataKey,
      '',
      '%zz',
      'x'.repeat(500),
      'é\u0000',
    ];
    for (const key of dead) await expect(reveal(key, 'guess', counted)).rejects.toEqual(gone);
    await expect(reveal(locked, 'wrong', counted)).rejects.toEqual(gone);
    expect(queue.count).toBe(dead.length + 1);

    for (const key of [...dead, locked]) {
      await expect(reveal(key, null, counted)).rejects.toEqual(gone);
      await expect(reveal(key, '', counted)).rejects.toEqual(gone);
    }
    expect(queue.count).toBe(dead.length + 1);
    await expect(reveal(locked, 'right', counted)).resolves.toMatchObject({ value: 'a value' });
  });

  it('consumes nothing and throws busy when the queue is full, with a secret or without', async () => {
    const { secretKey } = await conceal(room, { passphrase: 'right' });
    const full = openRoom(database, { queue: new FullQueue() });
    const busy = expect.objectContaining({ code: 'busy' });
    await expect(reveal(secretKey, 'right', full)).rejects.toEqual(busy);
    await expect(reveal('nothing', 'right', full)).rejects.toEqual(busy);
    await expect(reveal(secretKey, 'right')).resolves.toMatchObject({ value: 'a value' });
  });

  it('opens secrets under an older root key, and consumes nothing while a root key is missing', async () => {
    const [one, two] = [await conceal(room), await conceal(room, { passphrase: 'right' })];
    const unavailable = expect.objectContaining({ code: 'unavailable' });
    const without = openRoom(database, { rootKeys: [OTHER_ROOT_KEY] });
    await expect(reveal(one.secretKey, null, without)).rejects.toEqual(unavailable);
    await expect(reveal(two.secretKey, 'right', without)).rejects.toEqual(unavailable);
    const wrong = openRoom(database, { rootKeys: [{ version: 1, bytes: randomBytes(32) }] });
    await expect(reveal(one.secretKey, null, wrong)).rejects.toEqual(unavailable);

    const rotated = openRoom(database, { rootKeys: [OTHER_ROOT_KEY, ROOT_KEY] });
    const three = await conceal(rotated);
    await expect(reveal(one.secretKey, null, rotated)).resolves.toMatchObject({ value: 'a value' });
    await expect(reveal(two.secretKey, 'right', rotated)).resolves.toMatchObject({
      value: 'a value',
    });
    await expect(reveal(three.secretKey, null, without)).resolves.toMatchObject({
      value: 'a value',
    });
  });

  it('finds no secret of another region, and opens none from its rows', async () => {
    const other = await openTestDatabase();
    try {
      const { secretKey } = await conceal(room);
      await expect(reveal(secretKey, null, openRoom(other, { region: 'us' }))).rejects.toEqual(
        gone,
      );
      const stolen = openRoom(database, { region: 'us' });
      await expect(reveal(secretKey, null, stolen)).rejects.toMatchObject({ code: 'unavailable' });
      await expect(reveal(secretKey)).resolves.toMatchObject({ value: 'a value' });
    } finally {
      await other.close();
    }
  });

  it('finds on a custom domain only its own secrets, and consumes no other', async () => {
    const domain = requireHostname('secrets.example.com');
    const [there, elsewhere] = [
      onDomain(anonymous, domain),
      onDomain(anonymous, requireHostname('b.example.com')),
    ];
    const plain = await conceal(room);
    const theirs = await conceal(room, {}, there);
    await expect(room.secrets.reveal(there, plain.secretKey, null)).rejects.toEqual(gone);
    await expect(room.secrets.reveal(elsewhere, theirs.secretKey, null)).rejects.toEqual(gone);
    await expect(room.secrets.peek(elsewhere, theirs.secretKey)).resolves.toBeNull();
    await expect(
      room.receipts.show(elsewhere, theirs.metadataKey, { markViewed: true }),
    ).rejects.toEqual(gone);
    await expect(room.receipts.burn(elsewhere, theirs.metadataKey, null)).rejects.toEqual(gone);
    await expect(room.secrets.reveal(there, theirs.secretKey, null)).resolves.toMatchObject({
      domain,
    });
    await expect(reveal(plain.secretKey)).resolves.toMatchObject({ domain: null });

    const another = await conceal(room, {}, there);
    await expect(reveal(another.secretKey)).resolves.toMatchObject({ domain });
  });

  it('tells whether there is a passphrase without changing anything', async () => {
    const [plain, locked] = [await conceal(room), await conceal(room, { passphrase: 'right' })];
    const peek = (key: string) => room.secrets.peek(anonymous, key);
    for (let time = 0; time < 2; time += 1) {
      await expect(peek(plain.secretKey)).resolves.toEqual({ hasPassphrase: false });
      await expect(peek(locked.secretKey)).resolves.toEqual({ hasPassphrase: true });
      await expect(peek('nothing')).resolves.toBeNull();
    }
    const receipt = await room.receipts.show(anonymous, plain.metadataKey, { markViewed: false });
    expect(receipt).toMatchObject({ state: 'new' });
    await expect(reveal(plain.secretKey)).resolves.toMatchObject({ value: 'a value' });
  });
});
