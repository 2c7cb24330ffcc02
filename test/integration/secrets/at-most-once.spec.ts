import { connectDatabase } from '../../../src/database/connect.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { anonymous, conceal, openRoom, winnersOf, type Room } from './support.js';

const CALLERS = 50;

describe('exactly one of 50 callers over two processes', () => {
  let database: TestDatabase;
  let rooms: readonly [Room, Room];
  let disconnect: () => Promise<void>;

  beforeAll(async () => {
    database = await openTestDatabase();
    const second = await connectDatabase(database.url);
    disconnect = () => second.destroy();
    rooms = [openRoom(database), openRoom({ dataSource: second })];
  });
  afterAll(async () => {
    await disconnect();
    await database.close();
  });

  function callers<T>(act: (room: Room, index: number) => Promise<T>): Promise<T>[] {
    return Array.from({ length: CALLERS }, (_, index) =>
      act(rooms[index % 2 === 0 ? 0 : 1], index),
    );
  }

  it.each([null, 'pass phrase'])('reveals (passphrase: %s)', async (passphrase) => {
    const { secretKey } = await conceal(rooms[0], { passphrase });
    const winners = await winnersOf(
      callers(({ secrets }, index) => {
        // The line for passphrases takes turns by client.
        const client = { near: `192.0.2.${index}/32`, wide: null };
        return secrets.reveal({ ...anonymous, client }, secretKey, passphrase);
      }),
    );
    expect(winners).toMatchObject([{ value: 'a value', domain: null }]);
  });

  it('reveals or burns while others show the receipt, and the receipt has that state', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { secretKey, metadataKey } = await conceal(rooms[0]);
      const looks: Promise<unknown>[] = [];
      const winners = await winnersOf(
        callers<string>(async ({ secrets, receipts }, index) => {
          if (index % 10 < 3)
            looks.push(receipts.show(anonymous, metadataKey, { markViewed: true }));
          if (index % 3 === 0) {
            await receipts.burn(anonymous, metadataKey, null);
            return 'burned';
          }
          await secrets.reveal(anonymous, secretKey, null);
          return 'received';
        }),
      );
      await Promise.all(looks);
      const receipt = await rooms[1].receipts.show(anonymous, metadataKey, { markViewed: true });
      expect(winners).toEqual([receipt.state]);
    }
  });

  it('takes a generated value again, and the secret stays for its recipient', async () => {
    const { secretKey, metadataKey } = await conceal(rooms[0], { kind: 'generate', value: 'made' });
    const winners = await winnersOf(
      callers(({ receipts }) => receipts.takeGeneratedValue(anonymous, metadataKey)),
    );
    expect(winners).toEqual(['made']);
    await expect(rooms[1].secrets.reveal(anonymous, secretKey, null)).resolves.toMatchObject({
      value: 'made',
    });
  });
});
