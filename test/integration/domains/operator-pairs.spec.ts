import type { Account } from '../../../src/accounts/account.js';
import { AccountStore } from '../../../src/accounts/account.store.js';
import { AccountsService } from '../../../src/accounts/accounts.service.js';
import { TokenStore } from '../../../src/accounts/tokens/token.store.js';
import { TokensService } from '../../../src/accounts/tokens/tokens.service.js';
import type { AdminActor } from '../../../src/admin/admin-operation.js';
import { DomainRoutes } from '../../../src/admin/domains/domain-routes.js';
import { CertificateReportStore } from '../../../src/certificates/stores/certificate-report.store.js';
import { domainAdministrationIn } from '../../../src/cli/domain-administration.js';
import { Statements } from '../../../src/database/statements.js';
import type { Domain } from '../../../src/domains/domain.js';
import type { Network } from '../../../src/shared/network.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { aName, anAccount, openRoom, settings, type Room } from './support.js';

const SUPPORT: AdminActor = { keyName: 'support', network: '198.51.100.0/24' as Network };

let database: TestDatabase;
let room: Room;
let routes: DomainRoutes;
let owner: Account;
let receiver: Account;
let main: Domain;
let second: Domain;

beforeAll(async () => {
  database = await openTestDatabase();
  room = openRoom(database);
  const { dataSource } = database;
  const statements = new Statements(dataSource);
  const tokens = new TokensService(new TokenStore(dataSource));
  const accounts = new AccountsService(new AccountStore(statements, dataSource), tokens);
  const reports = new CertificateReportStore(statements);
  routes = new DomainRoutes(domainAdministrationIn(dataSource, accounts, reports, settings));
});
afterAll(() => database.close());
beforeEach(async () => {
  owner = await anAccount(database);
  receiver = await anAccount(database);
  const apex = aName().split('.').slice(-2).join('.');
  await room.domains.claim(owner, apex, undefined, { isPair: true });
  main = await proven(apex);
  second = await proven(`www.${apex}`);
});

async function proven(name: string): Promise<Domain> {
  const { domains } = await room.domains.list(owner.id, { state: null, limit: 9, cursor: null });
  const claim = domains.find(({ hostname }) => hostname === name) as Domain;
  room.dns.publishTxt(claim);
  return room.domains.verify(owner.id, claim.extid);
}

/** The answer of the operator's API, as its schema has it. */
async function does(operationId: string, name: string, body?: object): Promise<unknown> {
  const route = routes.routes.find(({ operation }) => operation.operationId === operationId);
  const input = { params: { region: 'eu', domain: name }, query: undefined, body };
  const answer = await route?.handle(input as never, SUPPORT);
  const answers: Record<number, { schema?: { parse(answer: unknown): unknown } } | undefined> =
    route?.operation.answers ?? {};
  return answers[200]?.schema?.parse(answer);
}

const named = ({ extid: id, hostname }: Domain) => ({ id, hostname });

describe('the operator’s answer about a pair', () => {
  it('names both names that were given to another account, again too, and which one alone', async () => {
    const to = { account: receiver.email };
    const both = { ...named(main), account_id: receiver.id, second: named(second) };
    for (let time = 0; time < 2; time += 1)
      expect(await does('transferDomain', main.hostname, to)).toMatchObject(both);
    const back = await does('transferDomain', second.hostname, { account: owner.email });
    expect(back).toMatchObject({ ...named(second), account_id: owner.id, second: null });
    expect(await does('transferDomain', main.hostname, to)).toMatchObject({ second: null });
  });

  it('names both names that were removed, and which one alone', async () => {
    expect(await does('releaseDomain', second.hostname)).toMatchObject({ second: null });
    await room.domains.claim(owner, main.hostname, undefined, { isPair: true });
    second = await proven(second.hostname);
    const released = { ...named(main), released: true, second: named(second) };
    expect(await does('releaseDomain', main.hostname)).toEqual(released);
  });
});
