import { randomBytes } from 'node:crypto';
import { jest } from '@jest/globals';
import {
  closedAnswerSchema,
  closingAnswerSchema,
} from '../../../src/api/account/account-answers.js';
import { AccountChangesJob } from '../../../src/domains/claims/account-changes.job.js';
import { AccountEffects } from '../../../src/domains/claims/account-effects.js';
import { DomainLifecycle } from '../../../src/domains/claims/domain-lifecycle.js';
import { FIND_SERVED, servedValues } from '../../../src/domains/serving/served-domain.js';
import { ClosingStore } from '../../../src/accounts/closing/closing.store.js';
import { ClosedAccountsJob } from '../../../src/secrets/closed-accounts.job.js';
import { ReceiptStore } from '../../../src/secrets/receipt.store.js';
import { requireHostname } from '../../../src/shared/hostname.js';
import { concealFor } from '../../support/conceal-for.js';
import { AccountApi, type Customer } from './account-api.js';

let api: AccountApi;
beforeAll(async () => {
  api = await AccountApi.start();
});
afterAll(() => api.close());

const claim = (customer: Customer, name: string) => api.claim(customer, name);

async function preview(customer: Customer) {
  const answer = await api.send(customer, 'GET', '/closing');
  expect(answer.status).toBe(200);
  return closingAnswerSchema.parse(answer.json()).record;
}

const close = (customer: Customer, confirmation: string) =>
  api.send(customer, 'POST', '/closing', { body: { confirmation } });

async function rows(text: string, customer: Customer): Promise<number> {
  const [row] = await api.database.dataSource.query<[{ count: number }]>(
    `select count(*)::int as count from ${text}`,
    [customer.id],
  );
  return row.count;
}

const secretsOf = (customer: Customer) => rows('secrets where account_id = $1', customer);
const accountOf = (customer: Customer) => rows('accounts where id = $1', customer);
const claimsOf = (customer: Customer) =>
  rows('domains where account_id = $1 and removed_at is null', customer);

/** One round of each job that ends a closing, as if the minute had passed. */
async function endClosings(): Promise<void> {
  const { dataSource, statements } = api.database;
  await dataSource.query(`update accounts set closing_at = now() where state = 'closing'`);
  await new AccountChangesJob(
    new AccountEffects(dataSource),
    new DomainLifecycle(dataSource),
  ).round();
  await new ClosedAccountsJob(new ClosingStore(dataSource), new ReceiptStore(statements)).round();
}

describe('closing an account', () => {
  it('names what goes, and needs the confirmation of it', async () => {
    const ann = await api.signUp();
    await claim(ann, 'a.closing-one.com');
    await claim(ann, 'b.closing-one.com');
    for (let count = 0; count < 3; count += 1) await concealFor(api.database, ann.id);
    await api.withScopes(ann, ['read']);
    expect(await preview(ann)).toMatchObject({
      unread_secrets: 3,
      domains: ['b.closing-one.com', 'a.closing-one.com'],
      domain_count: 2,
      api_tokens: 2,
    });

    const eve = await api.signUp();
    const { confirmation } = await preview(eve);
    for (const text of [confirmation, '', 'yes', `${'1'.repeat(16)}.${'A'.repeat(43)}`]) {
      const answer = await close(ann, text);
      expect([answer.status, answer.json()['code']]).toEqual([422, 'CONFIRMATION_INVALID']);
    }
    expect((await api.send(ann, 'POST', '/closing')).json()).toMatchObject({
      field: 'confirmation',
    });
    expect([await secretsOf(ann), await claimsOf(ann)]).toEqual([3, 2]);
  });

  it('burns the secrets, refuses the tokens and ends serving at once; domains and account go after', async () => {
    const ann = await api.signUp();
    const second = await api.withScopes(ann, ['read']);
    const name = requireHostname('serving.closing-two.com');
    await claim(ann, name);
    await api.database.dataSource.query(
      `update domains set ownership = 'verified', verified_at = now() where hostname = $1`,
      [name],
    );
    await api.database.dataSource.query(
      `insert into certificates (hostname, version, source, chain_pem, sealed_private_key, key_version, serial, not_before, not_after)
       values ($1, 1, 'local', 'x', '\\x00', 1, 'x', now(), now() + interval '1 day')`,
      [name],
    );
    const served = () => api.database.statements.run(FIND_SERVED, servedValues(name));
    expect(await served()).toHaveLength(1);
    await concealFor(api.database, ann.id);
    const answer = await close(ann, (await preview(ann)).confirmation);
    expect(answer.status).toBe(200);
    expect(closedAnswerSchema.parse(answer.json()).record).toEqual({
      email: ann.email,
      state: 'closed',
    });
    expect([await api.signsIn(ann), await api.signsIn(second)]).toEqual([false, false]);
    expect((await close(ann, 'again')).status).toBe(401);
    expect([await secretsOf(ann), (await served()).length]).toEqual([0, 0]);

    // A request that was let in before stored another secret.
    await concealFor(api.database, ann.id);
    await endClosings();
    expect([await secretsOf(ann), await claimsOf(ann), await accountOf(ann)]).toEqual([0, 0, 0]);
    expect(await rows('account_activity where account_id = $1', ann)).toBe(0);
    // The address is free again.
    await api.accounts.create(ann.email, 'basic');
  });

  it('is ended by another process when this one is killed after the first step', async () => {
    const ann = await api.signUp();
    await claim(ann, 'left.closing-three.com');
    for (let count = 0; count < 3; count += 1) await concealFor(api.database, ann.id);
    const closings = new ClosingStore(api.database.dataSource);
    await closings.begin(ann.id, {
      kind: 'token',
      name: 'default',
      tokenId: null,
      network: null,
    });
    // Not before a minute has passed.
    expect(await closings.takeDue(10)).toEqual([]);
    await endClosings();
    expect([await secretsOf(ann), await claimsOf(ann), await accountOf(ann)]).toEqual([0, 0, 0]);
  });

  it('keeps an account whose removal fails for later, without the others', async () => {
    const [stuck, fine] = [await api.signUp(), await api.signUp()];
    const closings = new ClosingStore(api.database.dataSource);
    const receipts = new ReceiptStore(api.database.statements);
    const actor = { kind: 'gateway', name: null, tokenId: null, network: null } as const;
    for (const { id } of [stuck, fine]) await closings.begin(id, actor);
    await api.database.dataSource.query(
      'update accounts set closing_at = now() where id = any($1)',
      [[stuck.id, fine.id]],
    );
    const failing = Object.assign(Object.create(receipts) as ReceiptStore, {
      burnAllOf: (id: Customer['id']) =>
        id === stuck.id ? Promise.reject(new Error('away')) : receipts.burnAllOf(id),
    });
    await new ClosedAccountsJob(closings, failing).round();
    expect([await accountOf(stuck), await accountOf(fine)]).toEqual([1, 0]);
    expect(await closings.takeDue(10)).toEqual([]);
    await endClosings();
    expect(await accountOf(stuck)).toBe(0);
  });

  it.each([
    ['a secret', (ann: Customer) => concealFor(api.database, ann.id)],
    ['a domain', (ann: Customer) => claim(ann, `${randomBytes(4).toString('hex')}.example.net`)],
  ])('is refused when %s was added after the preview', async (_, add) => {
    const ann = await api.signUp();
    const { confirmation } = await preview(ann);
    await add(ann);
    const answer = await close(ann, confirmation);
    expect([answer.status, answer.json()['code']]).toEqual([422, 'CLOSING_CHANGED']);
    expect(await api.signsIn(ann)).toBe(true);
    expect((await close(ann, (await preview(ann)).confirmation)).status).toBe(200);
  });

  it('is refused with a confirmation that is older than 15 minutes', async () => {
    const ann = await api.signUp();
    const { confirmation, expires_at } = await preview(ann);
    const [instant = ''] = confirmation.split('.');
    expect(Date.parse(expires_at) - Number(BigInt(instant) / 1000n)).toBe(15 * 60_000);
    const store = new ClosingStore(api.database.dataSource);
    const later = String(BigInt(await store.now()) + 15n * 60_000_000n);
    jest.spyOn(ClosingStore.prototype, 'now').mockResolvedValueOnce(later);
    const answer = await close(ann, confirmation);
    expect(answer.json()).toMatchObject({ code: 'CONFIRMATION_EXPIRED' });
    expect(await api.signsIn(ann)).toBe(true);
  });

  it('is not begun by a token that is revoked while its request is on its way', async () => {
    const ann = await api.signUp();
    const lost = await api.withScopes(ann, ['account'], 'lost');
    const lostId = await api.tokens.idOf(ann.id, 'lost');
    await concealFor(api.database, ann.id);
    const { confirmation } = await preview(lost);
    const { revoked, late } = await api.behindLock(ann, async (waiting) => {
      const first = api.send(ann, 'DELETE', `/tokens/${lostId}`);
      await waiting(1);
      const closing = close(lost, confirmation);
      await waiting(2);
      return { revoked: first, late: closing };
    });
    expect([(await revoked).status, (await late).status]).toEqual([200, 401]);
    expect([await api.signsIn(ann), await secretsOf(ann)]).toEqual([true, 1]);
  });

  it('answers all who close at the same time, and is done once', async () => {
    const ann = await api.signUp();
    await concealFor(api.database, ann.id);
    const { confirmation } = await preview(ann);
    const answers = await Promise.all(Array.from({ length: 20 }, () => close(ann, confirmation)));
    for (const { status } of answers) expect([200, 401]).toContain(status);
    const lines = `account_activity where account_id = $1 and action = 'account.closing'`;
    expect([await secretsOf(ann), await rows(lines, ann)]).toEqual([0, 1]);
  });

  it('burns what is unread with the request, however many receipts the account has', async () => {
    const ann = await api.signUp();
    const addRead = (first: number) =>
      api.database.dataSource.query(
        `insert into receipts (lookup, expires_on, expires_at, secret_lookup, secret_expires_on, secret_expires_at,
           key_version, account_id, state, kind, has_passphrase, recipients, ttl_seconds, created_at, updated_at)
         select sha256(n::text::bytea), r.expires_on, r.expires_at, sha256((-n)::text::bytea), r.secret_expires_on,
           r.secret_expires_at, 1, r.account_id, 'received', r.kind, false, '{}', 60, now(), now()
         from (select * from receipts where account_id = $1 limit 1) r,
           generate_series($2::int, $2::int + 10999) n`,
        [ann.id, first],
      );
    await concealFor(api.database, ann.id);
    await addRead(1);
    await concealFor(api.database, ann.id);
    await addRead(11_001);
    const answer = await close(ann, (await preview(ann)).confirmation);
    expect(answer.record()).toMatchObject({ state: 'closed' });
    expect(await secretsOf(ann)).toBe(0);
    await endClosings();
    expect(await accountOf(ann)).toBe(0);
    expect(await rows('receipts where account_id = $1', ann)).toBe(0);
  });

  it('needs the scope account, for the preview too', async () => {
    const ann = await api.signUp();
    const reader = await api.withScopes(ann, ['read', 'create', 'domains']);
    expect((await api.send(reader, 'GET', '/closing')).status).toBe(403);
    const { confirmation } = await preview(ann);
    expect((await close(reader, confirmation)).status).toBe(403);
  });
});
