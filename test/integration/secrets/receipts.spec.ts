import { requireHostname } from '../../../src/shared/hostname.js';
import { ReceiptStore } from '../../../src/secrets/receipt.store.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import {
  accountOf,
  anonymous,
  command,
  conceal,
  gone,
  insertOwner,
  onDomain,
  openRoom,
  owner,
  ownerCaller,
  type Room,
  recentOf,
} from './support.js';

describe('receipts', () => {
  let database: TestDatabase;
  let room: Room;

  beforeAll(async () => {
    database = await openTestDatabase();
    room = openRoom(database);
    await insertOwner(database);
  });
  afterAll(() => database.close());

  const show = (key: string, markViewed = true) =>
    room.receipts.show(anonymous, key, { markViewed });
  const sql = (text: string) => database.dataSource.query(text);

  it('are shown also while the database takes no writes, and so are the links', async () => {
    const created = await room.secrets.conceal(ownerCaller, command());
    const { metadataKey } = created;
    const secretKey = String(created.secretKey);
    // For the connection that the next statements run on.
    await sql('set default_transaction_read_only = on');
    await expect(show(metadataKey)).resolves.toMatchObject({ state: 'new' });
    await sql('set default_transaction_read_only = on');
    const look = await room.looks.look(anonymous, secretKey, { marksPreviewed: true });
    expect(look).toMatchObject({ secretKey });
    await sql('set default_transaction_read_only = off');
    await expect(show(metadataKey)).resolves.toMatchObject({ state: 'new', previewCount: 0 });
  });

  it('are the same at the creation and when first shown, and are viewed afterwards', async () => {
    const created = await room.secrets.conceal(
      ownerCaller,
      command({ passphrase: 'right', recipients: ['foo.bar@example.com', 'b@example.com'] }),
    );
    expect(created).toMatchObject({
      kind: 'share',
      state: 'new',
      hasPassphrase: true,
      recipients: ['fo*****@e*****.com'],
      ownerId: owner.id,
      ttlSeconds: 3600,
      secretTtlSeconds: 3600,
      metadataTtlSeconds: 7200,
    });
    const looked = await show(created.metadataKey, false);
    expect(Object.keys(looked).toSorted()).toEqual(Object.keys(created).toSorted());
    const { secretTtlSeconds, metadataTtlSeconds, ...rest } = looked;
    expect(created).toMatchObject(rest);
    expect(secretTtlSeconds).toBeGreaterThan(3500);
    expect(metadataTtlSeconds).toBeGreaterThan(7100);

    await expect(show(created.metadataKey)).resolves.toMatchObject({ state: 'new' });
    await expect(show(created.metadataKey)).resolves.toMatchObject({
      state: 'viewed',
      secretKey: created.secretKey,
    });
  });

  it('have the secret key while the secret is unread, and not afterwards', async () => {
    const { secretKey, metadataKey } = await conceal(room);
    await expect(show(metadataKey)).resolves.toMatchObject({ secretKey });
    await room.secrets.reveal(anonymous, secretKey, null);
    const receipt = await show(metadataKey);
    expect(receipt).toMatchObject({ state: 'received', secretKey: null, secretTtlSeconds: null });
    expect(receipt.receivedAt).toEqual(receipt.updatedAt);
    expect(receipt.burnedAt).toBeNull();
    const [row] = await database.dataSource.query<{ sealed: Buffer | null }[]>(
      "select sealed_secret_key as sealed from receipts where state = 'received'",
    );
    expect(row?.sealed).toBeNull();
  });

  it('burn a secret once', async () => {
    const { secretKey, metadataKey } = await conceal(room);
    const burned = await room.receipts.burn(anonymous, metadataKey, 'not needed');
    expect(burned.secretShortKey).toBe(secretKey.slice(0, 6));
    expect(burned.receipt).toMatchObject({ state: 'burned', secretKey: null });
    await expect(show(metadataKey)).resolves.toEqual({
      ...burned.receipt,
      metadataTtlSeconds: expect.any(Number),
    });
    await expect(room.receipts.burn(anonymous, metadataKey, null)).rejects.toEqual(gone);
    await expect(room.receipts.burn(anonymous, secretKey, null)).rejects.toEqual(gone);
    await expect(room.secrets.reveal(anonymous, secretKey, null)).rejects.toEqual(gone);
  });

  it('burn a secret with a passphrase only with that passphrase', async () => {
    const { secretKey, metadataKey } = await conceal(room, { passphrase: 'right' });
    const wrong = expect.objectContaining({
      code: 'wrong_passphrase',
      message: 'Double check that passphrase',
    });
    for (const passphrase of [null, '', 'wrong']) {
      await expect(room.receipts.burn(anonymous, metadataKey, passphrase)).rejects.toEqual(wrong);
    }
    await expect(show(metadataKey)).resolves.toMatchObject({ secretKey });
    await expect(room.receipts.burn(anonymous, metadataKey, 'right')).resolves.toMatchObject({
      receipt: { state: 'burned' },
    });
  });

  it('are orphaned when the row of an unread secret is missing', async () => {
    const { metadataKey } = await conceal(room);
    await sql('delete from secrets');
    await expect(show(metadataKey)).resolves.toMatchObject({ state: 'orphaned', secretKey: null });
    await expect(room.receipts.burn(anonymous, metadataKey, null)).rejects.toEqual(gone);
  });

  it('of a generated value are viewed from the start: its maker has seen the value', async () => {
    const made = await room.secrets.conceal(anonymous, command({ kind: 'generate' }));
    expect(made.state).toBe('new');
    await expect(show(made.metadataKey, false)).resolves.toMatchObject({ state: 'viewed' });
  });

  it('give a generated value again once, only within 60 seconds, unread and without passphrase', async () => {
    const take = (key: string) => room.receipts.takeGeneratedValue(anonymous, key);
    const made = await conceal(room, { kind: 'generate', value: 'made' });
    await expect(take(made.metadataKey)).resolves.toBe('made');
    await expect(take(made.metadataKey)).rejects.toEqual(gone);

    const shared = await conceal(room);
    const locked = await conceal(room, { kind: 'generate', passphrase: 'right' });
    const read = await conceal(room, { kind: 'generate' });
    await room.secrets.reveal(anonymous, read.secretKey, null);
    const old = await conceal(room, { kind: 'generate' });
    await sql("update receipts set created_at = now() - interval '61 seconds'");
    for (const { metadataKey } of [shared, locked, read, old]) {
      await expect(take(metadataKey)).rejects.toEqual(gone);
    }
    await expect(take('nothing')).rejects.toEqual(gone);
  });

  describe('of an account', () => {
    beforeEach(() => sql('truncate secrets, receipts'));

    it('are listed for 30 days, latest change first, without secret keys', async () => {
      const keys = [];
      for (let index = 0; index < 3; index += 1) keys.push(await conceal(room, {}, ownerCaller));
      await conceal(room);
      await conceal(
        room,
        {},
        { ...anonymous, account: accountOf('0f1f3b52-9f6e-4a43-9a35-6f4b6f0f5a02') },
      );
      const [first, second, third] = keys.map(({ metadataKey }) => metadataKey);
      await show(first ?? '');
      const list = await recentOf(room, owner);
      expect(list.map(({ metadataKey }) => metadataKey)).toEqual([first, third, second]);
      expect(list.map(({ state }) => state)).toEqual(['viewed', 'new', 'new']);
      expect(list.every(({ secretKey }) => secretKey === null)).toBe(true);

      await sql("update receipts set updated_at = now() - interval '31 days'");
      await expect(recentOf(room, owner)).resolves.toEqual([]);
    });

    it('are listed up to the newest 1,000', async () => {
      const oldest = await Promise.all([1, 2, 3].map(() => conceal(room, {}, ownerCaller)));
      await sql("update receipts set updated_at = updated_at - interval '1 hour'");
      const expected = new Set<string>();
      while (expected.size < 1000) {
        const some = Array.from({ length: 50 }, () => conceal(room, {}, ownerCaller));
        for (const { metadataKey } of await Promise.all(some)) expected.add(metadataKey);
      }
      const list = await recentOf(room, owner);
      expect(new Set(list.map(({ metadataKey }) => metadataKey))).toEqual(expected);
      expect(oldest.some(({ metadataKey }) => expected.has(metadataKey))).toBe(false);
    });

    it('can be listed for one domain', async () => {
      const domain = requireHostname('secrets.example.com');
      await conceal(room, {}, ownerCaller);
      const { metadataKey } = await conceal(room, {}, onDomain(ownerCaller, domain));
      const list = await recentOf(room, owner, domain);
      expect(list.map((receipt) => receipt.metadataKey)).toEqual([metadataKey]);
      await expect(recentOf(room, owner)).resolves.toHaveLength(2);
    });

    it('are listed even when one of them does not open', async () => {
      await conceal(room, {}, ownerCaller);
      const { metadataKey } = await conceal(room, {}, ownerCaller);
      await sql(`update receipts set sealed_metadata_key = '\\x00'
        where ctid = (select ctid from receipts order by created_at limit 1)`);
      const list = await recentOf(room, owner);
      expect(list.map((receipt) => receipt.metadataKey)).toEqual([metadataKey]);
    });

    it('are burned and lose their owner when the account is removed', async () => {
      const unread = await conceal(room, {}, ownerCaller);
      const read = await conceal(room, {}, ownerCaller);
      const stranger = await conceal(room);
      await room.secrets.reveal(anonymous, read.secretKey, null);
      await new ReceiptStore(database.statements).burnAllOf(owner.id);
      await expect(room.secrets.reveal(anonymous, unread.secretKey, null)).rejects.toEqual(gone);
      await expect(show(unread.metadataKey)).resolves.toMatchObject({
        state: 'burned',
        ownerId: null,
      });
      await expect(show(read.metadataKey)).resolves.toMatchObject({
        state: 'received',
        burnedAt: null,
      });
      await expect(recentOf(room, owner)).resolves.toEqual([]);
      await expect(room.secrets.reveal(anonymous, stranger.secretKey, null)).resolves.toBeDefined();
    });
  });
});
