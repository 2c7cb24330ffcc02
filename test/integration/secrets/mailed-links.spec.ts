import { jest } from '@jest/globals';
import type { StatementPart } from '../../../src/database/statement-part.js';
import { KeyMaskEntity } from '../../../src/secrets/key-mask.entity.js';
import { KeyMask } from '../../../src/secrets/key-mask.js';
import type { LinkDelivery } from '../../../src/secrets/link-delivery.js';
import { MailedLinks } from '../../../src/secrets/mailed-links.js';
import { SystemClock } from '../../../src/shared/clock.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { command, insertOwner, openRoom, ownerCaller } from './support.js';

const WISH = { to: 'reader@example.com', language: 'en' };

let database: TestDatabase;

beforeAll(async () => {
  database = await openTestDatabase();
  await insertOwner(database);
});
afterAll(() => database.close());

/** Presses in one process. */
function linksBy(partFor: LinkDelivery['partFor']) {
  const { dataSource } = database;
  const links: LinkDelivery = { isOpen: true, partFor };
  const { secrets, receipts } = openRoom(database, { links });
  const keys = new KeyMask(dataSource.getRepository(KeyMaskEntity), new SystemClock());
  return { secrets, mailed: new MailedLinks(dataSource, keys, receipts, links) };
}

/** A mail that is queued, and how often that was. */
function countedMail() {
  const text = jest.fn(() => 'mail as (select 1)');
  return { text, part: { name: 'mail', text, values: [] } satisfies StatementPart };
}

describe(MailedLinks, () => {
  it('takes a double click as one, also under the limits', async () => {
    const { text, part } = countedMail();
    const partFor = jest.fn(() => Promise.resolve(part));
    const { secrets, mailed } = linksBy(partFor);
    const { metadataKey } = await secrets.conceal(ownerCaller, command());
    const presses = [1, 2, 3].map(() => mailed.send(ownerCaller, metadataKey, WISH));
    expect(await Promise.all(presses)).toEqual([true, true, true]);
    expect(await mailed.send(ownerCaller, metadataKey, WISH)).toBe(true);
    expect([partFor, text].map(({ mock }) => mock.calls.length)).toEqual([1, 1]);
  });

  it('says that it is on its way when another process took the last mail of the limit', async () => {
    const { text, part } = countedMail();
    const other = linksBy(() => Promise.resolve(part));
    const { secrets, mailed } = linksBy(async () => {
      await other.mailed.send(ownerCaller, metadataKey, WISH);
      return null;
    });
    const { metadataKey } = await secrets.conceal(ownerCaller, command());
    expect(await mailed.send(ownerCaller, metadataKey, WISH)).toBe(true);
    expect(text).toHaveBeenCalledTimes(1);
  });

  it('says that it was not mailed when the limit is used up, and asks again at the next press', async () => {
    const { part } = countedMail();
    const answers = [null, part];
    const { secrets, mailed } = linksBy(() => Promise.resolve(answers.shift() ?? null));
    const { metadataKey } = await secrets.conceal(ownerCaller, command());
    expect(await mailed.send(ownerCaller, metadataKey, WISH)).toBe(false);
    expect(await mailed.send(ownerCaller, metadataKey, WISH)).toBe(true);
  });
});
