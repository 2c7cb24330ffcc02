import { NO_LOOK } from '../../../src/domains/domain-look.js';
import { NO_POLICY } from '../../../src/domains/domain-policy.js';
import { randomBytes } from 'node:crypto';
import type { Account, AccountId } from '../../../src/accounts/account.js';
import type { Caller } from '../../../src/auth/caller.js';
import type { CellConfig } from '../../../src/config/cell-config.js';
import type { Limits } from '../../../src/config/limits.js';
import type { Region } from '../../../src/config/region.js';
import type { RootKeys } from '../../../src/config/root-key.js';
import type { DayStatement, Days } from '../../../src/database/day-partitions.js';
import { type Statement, Statements } from '../../../src/database/statements.js';
import { GuessLimits } from '../../../src/limits/guess-limits.js';
import { LimitKeys } from '../../../src/limits/limit-keys.js';
import { RateLimits } from '../../../src/limits/rate-limits.js';
import { KeyMaskEntity } from '../../../src/secrets/key-mask.entity.js';
import { KeyMask } from '../../../src/secrets/key-mask.js';
import { NewLinks } from '../../../src/secrets/new-links.js';
import { PassphraseQueue } from '../../../src/secrets/passphrase-queue.js';
import type { LinkDelivery } from '../../../src/secrets/link-delivery.js';
import type { ConcealSecret } from '../../../src/secrets/receipt.js';
import { OwnReceipts } from '../../../src/secrets/own-receipts.js';
import { ReceiptMemos } from '../../../src/secrets/receipt-memos.js';
import { ReceiptStore } from '../../../src/secrets/receipt.store.js';
import type { RecentReceipt } from '../../../src/secrets/recent-receipts.js';
import { ReceiptsService } from '../../../src/secrets/receipts.service.js';
import { SecretCipher } from '../../../src/secrets/secret-cipher.js';
import { SecretLooks } from '../../../src/secrets/secret-looks.js';
import { SecretStore } from '../../../src/secrets/secret.store.js';
import { SecretsService } from '../../../src/secrets/secrets.service.js';
import type { ShareDomains } from '../../../src/secrets/share-domains.js';
import { SystemClock } from '../../../src/shared/clock.js';
import { type Hostname, requireHostname } from '../../../src/shared/hostname.js';
import { customTenant } from '../../../src/tenancy/custom-tenant.js';
import type { TestDatabase } from '../../support/test-database.js';
import { Registry } from 'prom-client';
import { UnopenedCiphertexts } from '../../../src/shared/unopened-ciphertexts.js';

export const ROOT_KEY = { version: 1, bytes: randomBytes(32) };
export const OTHER_ROOT_KEY = { version: 2, bytes: randomBytes(32) };

const host = requireHostname('eu.onetime.example');

/** Records the names of the statements. */
export class CountedStatements extends Statements {
  readonly ran: string[] = [];

  override run<Row extends object>(
    statement: Statement,
    values: readonly unknown[],
  ): Promise<Row[]> {
    this.ran.push(statement.name);
    return super.run<Row>(statement, values);
  }

  override runOn<Row extends object>(
    statement: DayStatement,
    days: Days,
    values: readonly unknown[],
  ): Promise<Row[]> {
    this.ran.push(statement.name);
    return super.runOn<Row>(statement, days, values);
  }
}

/** The room's services, as in one process of a region. */
export interface Room {
  readonly secrets: SecretsService;
  readonly receipts: ReceiptsService;
  readonly memos: ReceiptMemos;
  readonly own: OwnReceipts;
  readonly looks: SecretLooks;
  readonly statements: CountedStatements;
}

interface RoomOptions {
  readonly rootKeys?: RootKeys;
  readonly region?: string;
  readonly queue?: PassphraseQueue;
  readonly shareDomains?: ShareDomains;
  /** Default: nobody gets a link. */
  readonly links?: LinkDelivery;
  /** Default: none. */
  readonly limits?: Limits | null;
}

/** No account has a custom domain. */
const NO_SHARE_DOMAINS: ShareDomains = {
  find: async () => ({ state: 'foreign', policy: NO_POLICY }),
};

const NO_LINKS: LinkDelivery = { isOpen: false, partFor: () => Promise.resolve(null) };

export function openRoom(
  database: Pick<TestDatabase, 'dataSource'>,
  options: RoomOptions = {},
): Room {
  const { rootKeys = [ROOT_KEY], region = 'eu', queue = new PassphraseQueue() } = options;
  const { shareDomains = NO_SHARE_DOMAINS, links = NO_LINKS, limits = null } = options;
  const statements = new CountedStatements(database.dataSource);
  const config = { rootKeys, region: region as Region, limits } as CellConfig;
  const registry = new Registry();
  const unopened = new UnopenedCiphertexts(registry);
  const cipher = new SecretCipher(config, unopened);
  const limitKeys = new LimitKeys(config);
  const counters = new RateLimits(config, statements, limitKeys);
  const keys = new KeyMask(database.dataSource.getRepository(KeyMaskEntity), new SystemClock());
  const secretStore = new SecretStore(statements, new GuessLimits(config, limitKeys, counters));
  const receiptStore = new ReceiptStore(statements);
  const receipts = new ReceiptsService(keys, cipher, queue, receiptStore, secretStore);
  const memos = new ReceiptMemos(keys, cipher, receiptStore);
  return {
    statements,
    secrets: new SecretsService(
      keys,
      cipher,
      queue,
      secretStore,
      new NewLinks(shareDomains, links),
    ),
    receipts,
    memos,
    own: new OwnReceipts(statements, cipher, receipts, memos),
    looks: new SecretLooks(keys, statements, receiptStore),
  };
}

export async function recentOf(
  { receipts }: Room,
  account: Account,
  domain: Hostname | null = null,
): Promise<RecentReceipt[]> {
  const list: RecentReceipt[] = [];
  await receipts.recent(account, domain, (receipt) => list.push(receipt));
  return list;
}

export const anonymous: Caller = {
  tenant: {
    region: 'eu' as Region,
    domain: null,
    customDomain: null,
    hostname: host,
    origin: `https://${host}`,
    canonicalHostnames: [host],
    isDeprecatedName: false,
  },
  account: null,
  token: null,
  session: null,
  network: '203.0.113.0/24',
  client: { near: '203.0.113.9/32', wide: null },
};

export function accountOf(id: string): Account {
  return { id: id as AccountId, email: 'owner@example.com', plan: 'basic', state: 'active' };
}

export const owner = accountOf('7f1f3b52-9f6e-4a43-9a35-6f4b6f0f5a01');
export const ownerCaller: Caller = { ...anonymous, account: owner };

/** The row of `owner`, which a receipt shows the address of. */
export async function insertOwner({ dataSource }: Pick<TestDatabase, 'dataSource'>): Promise<void> {
  await dataSource.query(
    'insert into accounts (id, email, email_key, plan) values ($1, $2, $2, $3)',
    [owner.id, owner.email, owner.plan],
  );
}

/** The caller on the owner's custom domain, where guests may create. */
export function onDomain(caller: Caller, hostname: Hostname): Caller {
  const tenant = customTenant(
    caller.tenant,
    {
      hostname,
      domainId: 'd',
      lookDomainId: 'd',
      ownerId: owner.id,
      apiEnabled: true,
      homepageEnabled: true,
      policy: NO_POLICY,
      look: NO_LOOK,
      ownerPlan: 'identity_plus',
    },
    443,
  );
  return { ...caller, tenant };
}

export function command(change: Partial<ConcealSecret> = {}): ConcealSecret {
  return {
    kind: 'share',
    value: 'a value',
    ttlSeconds: 3600,
    passphrase: null,
    recipients: [],
    shareDomain: null,
    surface: 'api',
    ...change,
  };
}

/** Conceals a secret; resolves to its two keys. */
export async function conceal(
  room: Room,
  change: Partial<ConcealSecret> = {},
  caller: Caller = anonymous,
): Promise<{ secretKey: string; metadataKey: string }> {
  const { secretKey, metadataKey } = await room.secrets.conceal(caller, command(change));
  if (secretKey === null) throw new Error('conceal() answered without a secret key');
  return { secretKey, metadataKey };
}

export const gone = expect.objectContaining({ code: 'secret_gone', message: 'Unknown secret' });

/** The results of the attempts that succeeded. Expects that the others failed with `secret_gone`. */
export async function winnersOf<T>(attempts: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(attempts);
  for (const attempt of settled)
    if (attempt.status === 'rejected') expect(attempt.reason).toEqual(gone);
  return settled.flatMap((attempt) => (attempt.status === 'fulfilled' ? [attempt.value] : []));
}
