import { COMMAND_LINE } from '../../../src/accounts/activity/activity.js';
import type { Account } from '../../../src/accounts/account.js';
import { DomainImages } from '../../../src/brand/images/domain-images.js';
import type { ChangeFeed } from '../../../src/database/change-feed.js';
import type { Domain } from '../../../src/domains/domain.js';
import { DomainDirectory } from '../../../src/domains/serving/domain-directory.js';
import type { ServedDomain } from '../../../src/domains/serving/served-domain.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { aName, anAccount, certify, openRoom, type Room } from './support.js';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

describe('the second name of a pair whose main name does not serve', () => {
  let database: TestDatabase;
  let room: Room;
  let images: DomainImages;
  let account: Account;
  let main: Domain;
  let second: Domain;

  beforeAll(async () => {
    database = await openTestDatabase();
    room = openRoom(database);
    images = new DomainImages(database.dataSource, database.statements);
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    account = await anAccount(database);
    const apex = aName().split('.').slice(-2).join('.');
    main = await room.domains.claim(account, apex, undefined, { isPair: true });
    const all = await room.domains.list(account.id, { state: null, limit: 9, cursor: null });
    second = all.domains.find(({ id }) => id !== main.id) as Domain;
    room.dns.publishTxt(second);
    await room.domains.verify(account.id, second.extid);
    await certify(database, second.hostname);
  });

  /** As a process finds it that has just started. */
  const served = async ({ hostname }: Domain): Promise<ServedDomain | null> =>
    new DomainDirectory(database.statements, { on: () => undefined } as unknown as ChangeFeed).find(
      hostname,
    );
  const paint = (domain: Domain, colour: string) =>
    room.domains.configure(account.id, domain.extid, {
      brand: () => ({ primary_color: colour }),
    });
  const announced = async ({ hostname }: Domain): Promise<number> => {
    const [row] = await database.dataSource.query<[{ count: number }]>(
      'select count(*)::int as count from domain_changes where hostname = $1',
      [hostname],
    );
    return row.count;
  };

  it('has the look of the main name, with its images, and every process is told of its changes', async () => {
    const before = await announced(second);
    await paint(main, '#7A1F5C');
    const painted = await announced(second);
    expect(painted).toBe(before + 1);
    await images.put(account, main.extid, { kind: 'logo', file: PNG }, COMMAND_LINE);
    expect(await announced(second)).toBe(painted + 1);
    const found = await served(second);
    expect(found).toMatchObject({
      domainId: second.id,
      lookDomainId: main.id,
      look: { brand: { primary_color: '#7A1F5C' }, images: { logo: { width: 1 } } },
    });
    const logo = { kind: 'logo', version: null, isSmall: false } as const;
    expect(await images.fileOf(found?.lookDomainId ?? '', logo)).not.toBeNull();
    expect(await images.logoOf(found as ServedDomain, second.extid)).not.toBeNull();
    expect(await images.logoOf(found as ServedDomain, main.extid)).toBeNull();
  });

  it('keeps a look of its own', async () => {
    await paint(main, '#7A1F5C');
    await paint(second, '#1F5C7A');
    expect(await served(second)).toMatchObject({
      lookDomainId: second.id,
      look: { brand: { primary_color: '#1F5C7A' } },
    });
  });

  it('has no look of a name that it is parted from', async () => {
    await paint(main, '#7A1F5C');
    await database.dataSource.query('update domains set main_id = null where id = $1', [second.id]);
    expect(await served(second)).toMatchObject({ lookDomainId: second.id, look: { brand: {} } });
  });
});
