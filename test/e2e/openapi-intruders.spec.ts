import { Agent } from 'node:https';
import { Canaries } from '../support/canaries.js';
import { postponeChecks, rowsWith } from '../support/account-rows.js';
import {
  documentedOperations,
  type DocumentedOperation,
} from '../support/documented-operations.js';
import type { DomainClient, DomainRecord } from '../support/domain-client.js';
import { LocalScene } from '../support/domain-scene-local.js';
import { call, type Answer, type Call } from '../support/https-client.js';
import {
  callOf,
  OperationCalls,
  unknownValues,
  type PathValues,
} from '../support/operation-calls.js';
import { aPasskey, aSession } from '../support/documented-sign-in.js';
import { query } from '../support/region-database.js';
import { until } from '../support/until.js';

// Generated from the document: a new operation is covered on the day it appears.

const HOST = 'eu.onetime.localhost';
const OPERATIONS = documentedOperations();
const canaries = new Canaries();
/** Of the region's own pages. */
const ORIGIN = (): string => `https://${HOST}:${scene.gateway.target(HOST).port}`;
const agent = new Agent({ keepAlive: true });

let scene: LocalScene;
let owner: DomainClient;
let owned: OwnedCall[];
/** The words of the first account by which its rows are found. */
let words: string[];

/** An operation with ids of the first account in its path. */
interface OwnedCall {
  readonly operation: DocumentedOperation;
  readonly values: PathValues;
}

const email = `${canaries.word('the e-mail address')}@example.com`;
const domainName = `${canaries.word('the domain')}.example.com`;

beforeAll(async () => {
  scene = await LocalScene.start();
  owner = await scene.customer(email);
  canaries.keep('the token', owner.auth.split(':')[1] ?? '');
  const domain = await scene.setUp(owner, domainName);
  canaries.keep('the id of the domain', domain.id);
  await concealSecrets();
  // Whose ids the operations of sessions and passkeys have in their paths.
  await aSession({ gateway: scene.gateway, email, origin: ORIGIN() });
  await aPasskey({ gateway: scene.gateway, email });
  owned = await collectIds(domain);
  const [account] = await query(scene.gateway, 'eu', {
    text: 'select id from accounts where email = $1',
    values: [email],
  });
  const accountId = canaries.keep('the id of the account', String(account?.['id']));
  words = [accountId, domain.id, domainName];
  await postponeChecks(scene.gateway, 'eu');
});

afterAll(async () => {
  agent.destroy();
  await scene.stop();
});

function send(request: Call, host = HOST): Promise<Answer> {
  return call(scene.gateway.target(host), { agent, ...request });
}

async function concealSecrets(): Promise<void> {
  const recipient = `${canaries.word('the recipient')}@example.com`;
  for (const share_domain of ['', domainName]) {
    const secret = canaries.word('the value');
    const body = { secret, recipient, share_domain, passphrase: 'open sesame' };
    const answer = await send({ path: '/api/v1/share', auth: owner.auth, body });
    expect(answer.status).toBe(200);
    const { secret_key, metadata_key } = answer.json<Record<string, string>>();
    canaries.keep('a secret key', secret_key ?? '');
    canaries.keep('a metadata key', metadata_key ?? '');
  }
}

/**
 * Performs what the document links each operation to, as the first account: its ids are canaries too. The ids of
 * domains are those of the one that serves.
 */
async function collectIds(domain: DomainRecord): Promise<OwnedCall[]> {
  const asOwner = (request: Call) => send({ auth: owner.auth, ...request });
  const calls = new OperationCalls(OPERATIONS, asOwner);
  const found: OwnedCall[] = [];
  const move = await aMoveOf(domain);
  for (const operation of OPERATIONS) {
    const comesFrom = (id: string) =>
      [...operation.sources.values()].some(({ operationId }) => operationId === id);
    const values = comesFrom('claimDomain')
      ? { id: domain.id }
      : comesFrom('acceptDomain')
        ? { move }
        : await calls.valuesFor(operation);
    for (const [name, value] of Object.entries(values))
      canaries.keep(`${name} of ${operation.ownId}`, value);
    found.push({ operation, values });
  }
  return found;
}

/** A move to another region, which this one does not reach. */
async function aMoveOf(domain: DomainRecord): Promise<string> {
  const [row] = await query(scene.gateway, 'eu', {
    text: `insert into domain_moves (id, direction, domain_id, region, state, expires_at)
      select gen_random_uuid(), 'out', id, 'us', 'done', now() + interval '1 day' from domains where extid = $1
      returning id`,
    values: [domain.id],
  });
  return String(row?.['id']);
}

interface Intruder {
  readonly host?: string;
  /** The credentials of the next request; none: anonymous. */
  readonly auth?: () => Promise<string>;
  /** In place of credentials: the headers of the next request by a browser. */
  readonly browser?: () => Promise<Readonly<Record<string, string>>>;
  /** Whether it uses the first account's keys of secrets and receipts, which open them for whoever has them. */
  readonly hasKeys: boolean;
  /** Whether this operation must be refused, with ids of the first account in its path if it has any. */
  readonly isRefused: (operation: DocumentedOperation) => boolean;
}

/** Sends every operation by its example: nothing of the first account is in an answer, and nothing of it changes. */
async function intrude(intruder: Intruder, calls: readonly OwnedCall[] = owned): Promise<void> {
  const { host = HOST, auth, browser, hasKeys, isRefused } = intruder;
  const before = await rowsWith(scene.gateway, 'eu', words);
  expect(Object.keys(before)).toEqual(expect.arrayContaining(['accounts', 'domains', 'receipts']));
  for (const { operation, values } of calls) {
    const usesKeys = operation.credentials === 'optional' && !hasKeys;
    const ids = usesKeys ? unknownValues(operation) : values;
    const request = callOf(operation, ids, operation.body?.example);
    const login = await auth?.();
    const headers = { ...request.headers, ...(await browser?.()) };
    const answer = await send(
      { ...request, headers, ...(login === undefined ? {} : { auth: login }) },
      host,
    );
    const asked = `${request.method} ${request.path} of ${host}: ${answer.status}`;
    // An answer may repeat what was asked.
    const known = new Set(canaries.foundIn(Buffer.from(`${asked} ${login ?? ''}`)));
    const shown = `${answer.text}\n${JSON.stringify(answer.headers)}`;
    const seen = canaries.foundIn(Buffer.from(shown)).filter((name) => !known.has(name));
    expect([asked, ...seen]).toEqual([asked]);
    if (isRefused(operation)) expect([asked, answer.status >= 400]).toEqual([asked, true]);
  }
  expect(await rowsWith(scene.gateway, 'eu', words)).toEqual(before);
}

const needsAccount = ({ credentials }: DocumentedOperation): boolean => credentials === 'required';
const everything = (): boolean => true;

describe('of the first account nothing is seen, and nothing is changed,', () => {
  let stranger: string | null = null;

  /** Another account, and a new one once an operation has closed it or revoked its token. */
  async function aStranger(): Promise<string> {
    if (stranger !== null) {
      const { status } = await send({ path: '/api/v1/authcheck', auth: stranger });
      if (status === 200) return stranger;
    }
    const address = `${canaries.word('a stranger').replace('canary', 'other')}@example.com`;
    stranger = (await scene.gateway.account('eu', address, 'identity_plus')).auth;
    return stranger;
  }

  it('which the same check finds when the first account itself asks', async () => {
    const reads = owned.filter(({ operation: { id } }) => /^(?:v1Recent|listDomains)$/.test(id));
    expect(reads).toHaveLength(2);
    for (const one of reads) {
      const asItself = intrude(
        { auth: async () => owner.auth, hasKeys: true, isRefused: () => false },
        [one],
      );
      await expect(asItself).rejects.toThrow(/the (?:e-mail address|domain|id of the account)/);
    }
  });

  it.each([HOST, domainName])('by an anonymous caller of %s', async (host) => {
    await intrude({ host, hasKeys: false, isRefused: needsAccount });
  });

  it('by another account', async () => {
    // What names nothing of the first account is the other account's own.
    const isRefused = (operation: DocumentedOperation): boolean =>
      needsAccount(operation) && operation.sources.size > 0;
    await intrude({ auth: aStranger, hasKeys: false, isRefused });
  });

  it('by the browser of another account, on the host of the region', async () => {
    const isRefused = (operation: DocumentedOperation): boolean =>
      needsAccount(operation) && operation.sources.size > 0;
    const browser = async () => {
      const [address = ''] = (await aStranger()).split(':');
      return aSession({ gateway: scene.gateway, email: address, origin: ORIGIN() });
    };
    await intrude({ browser, hasKeys: false, isRefused });
  });

  it('by the browser of the first account on its own domain', async () => {
    const own = await aSession({ gateway: scene.gateway, email, origin: ORIGIN() });
    const browser = async () => own;
    await intrude({ host: domainName, browser, hasKeys: false, isRefused: needsAccount });
  });

  it("by another account on the first one's domain", async () => {
    const host = domainName;
    await intrude({ host, auth: aStranger, hasKeys: false, isRefused: needsAccount });
  });

  it("by the first account's token without the scope of the operation", async () => {
    for (const scope of new Set(OPERATIONS.flatMap(({ scopes }) => scopes))) {
      const login = await tokenWithout(scope);
      const calls = owned.filter(({ operation }) => operation.scopes.includes(scope));
      await intrude({ auth: async () => login, hasKeys: true, isRefused: everything }, calls);
    }
  });

  it("by the first account's token after it was revoked", async () => {
    const revoked = owner.auth;
    await scene.command(email, 'token', 'rotate');
    await intrude({ auth: async () => revoked, hasKeys: true, isRefused: everything });
  });

  it('by the first account while it is suspended', async () => {
    const rotate = ['account', 'token', 'rotate', '--region', 'eu', '--email', email, '--json'];
    const { stdout } = await scene.gateway.command(...rotate);
    const login = `${email}:${(JSON.parse(stdout) as { token: string }).token}`;
    canaries.keep('the new token', login.slice(email.length + 1));
    const check = { path: '/api/v1/authcheck', auth: login };
    expect((await send(check)).status).toBe(200);
    await scene.command(email, 'suspend');
    await until('the suspension has its effects', async () => {
      const text = 'select 1 from account_changes';
      return (await query(scene.gateway, 'eu', { text })).length === 0;
    });
    await intrude({ auth: async () => login, hasKeys: true, isRefused: everything });
    await scene.command(email, 'resume');
    expect((await send(check)).status).toBe(200);
  });
});

/** A token of the first account with every scope but one. */
async function tokenWithout(scope: string): Promise<string> {
  const scopes = [...new Set(OPERATIONS.flatMap((operation) => operation.scopes))];
  const create = OPERATIONS.find(({ id }) => id === 'createToken');
  if (create === undefined) throw new Error('the document has no operation that creates a token');
  const body = { name: `without ${scope}`, scopes: scopes.filter((each) => each !== scope) };
  const answer = await send({ ...callOf(create, {}, body), auth: owner.auth });
  expect(answer.status).toBe(201);
  const { token } = answer.json<{ record: { token: string } }>().record;
  return `${email}:${canaries.keep(`the token without ${scope}`, token)}`;
}
