import type { DataSource, EntityManager } from 'typeorm';
import type { AccountId } from '../../accounts/account.js';
import { AccountEntity } from '../../accounts/account.entity.js';
import { insertAccount } from '../../accounts/account.store.js';
import { COMMAND_LINE } from '../../accounts/activity/activity.js';
import { emailKeyOf } from '../../accounts/email-address.js';
import { PLANS } from '../../accounts/plans.js';
import { checkBrand } from '../../brand/check-brand.js';
import { presentSettings } from '../../brand/brand-settings.js';
import type { Region } from '../../config/region.js';
import type { DomainClaims, NewClaim } from '../../domains/claims/domain-claims.js';
import type { DomainId } from '../../domains/domain.js';
import { NO_LOOK } from '../../domains/domain-look.js';
import { otherOfPair, type DomainName } from '../../domains/domain-name.js';
import { checkPolicy, NO_POLICY } from '../../domains/domain-policy.js';
import { AppError } from '../../shared/app-error.js';
import { DAY } from '../../shared/durations.js';
import type { AccountLine, DomainLine } from './accounts-file.js';
import type { AccountsFile } from './read-accounts-file.js';

export interface ImportResult {
  readonly created: number;
  /** Accounts that the region has already, by id or address: they stay as they are. */
  readonly existing: number;
  readonly claimed: number;
  /** What was left out, in words. */
  readonly skipped: readonly string[];
}

interface ImportingRooms {
  readonly region: Region;
  readonly database: DataSource;
  readonly claims: DomainClaims;
}

/** As long as a name is in quarantine: records that are older prove nothing by the label of a file. */
const LABELS_FOR = 30 * DAY;

/**
 * Adds what a file of exportAccounts() has. Every account and every domain is one transaction, so an interrupted import is repeated:
 * what the region has already stays as it is. Domains become claims, which their owners prove in this region.
 */
export class AccountImport {
  #created = 0;
  #existing = 0;
  #claimed = 0;
  readonly #skipped: string[] = [];
  #keepsLabels = false;

  constructor(private readonly rooms: ImportingRooms) {}

  async run(file: AccountsFile): Promise<ImportResult> {
    const { header } = file;
    const isRecent = Date.now() - header.exported_at.getTime() < LABELS_FOR;
    this.#keepsLabels = isRecent && header.region === this.rooms.region;
    for (const account of file.accounts()) await this.#import(account);
    return {
      created: this.#created,
      existing: this.#existing,
      claimed: this.#claimed,
      skipped: this.#skipped,
    };
  }

  async #import(line: AccountLine): Promise<void> {
    const { email } = line;
    const accounts = this.rooms.database.getRepository(AccountEntity);
    const known =
      (await accounts.findOneBy({ emailKey: emailKeyOf(email) })) ??
      (await accounts.findOneBy({ id: line.id as AccountId }));
    if (known?.state === 'closing') {
      this.#skipped.push(`${email}: it is being removed here. Repeat the import when it is gone`);
      return;
    }
    if (known === null) {
      await this.rooms.database.transaction((manager) => insert(manager, line));
      this.#created += 1;
    } else {
      this.#existing += 1;
    }
    const { id, plan } = known ?? { id: line.id as AccountId, plan: line.plan };
    // The main name of a pair before the one that redirects to it.
    const isSecond = ({ main }: DomainLine) => Number(typeof main === 'string');
    for (const domain of line.domains.toSorted((one, other) => isSecond(one) - isSecond(other)))
      await this.#claim(id, PLANS[plan].domainsMax, domain);
  }

  async #claim(accountId: AccountId, domainsMax: number, line: DomainLine): Promise<void> {
    const { database, claims } = this.rooms;
    const [known] = await database.query<unknown[]>(
      'select from domains where account_id = $1 and hostname = $2 and removed_at is null',
      [accountId, line.hostname],
    );
    if (known !== undefined) return;
    try {
      const name = claims.parse(line.hostname);
      await claims.claim({
        accountId,
        name,
        domainsMax,
        actor: COMMAND_LINE,
        choices: choicesOf(line),
        mainId: await this.#mainOf(accountId, name, line),
        targetLabel: this.#keepsLabels ? line.target_label : undefined,
      });
      this.#claimed += 1;
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'unavailable') throw error;
      this.#skipped.push(`${line.hostname}: ${error.message}`);
    }
  }

  /** Undefined: the name redirects nowhere, or the account has no claim to where it did. */
  async #mainOf(
    accountId: AccountId,
    name: DomainName,
    { main }: DomainLine,
  ): Promise<DomainId | undefined> {
    if (typeof main !== 'string' || main !== otherOfPair(name)) return undefined;
    const [found] = await this.rooms.database.query<{ id: DomainId }[]>(
      `select id from domains
       where account_id = $1 and hostname = $2 and removed_at is null and main_id is null`,
      [accountId, main],
    );
    return found?.id;
  }
}

async function insert(manager: EntityManager, line: AccountLine): Promise<void> {
  const { email, plan, language, password, tokens, created_at, state } = line;
  const id = line.id as AccountId;
  await insertAccount(
    manager,
    { id, email, emailKey: emailKeyOf(email), plan, language },
    COMMAND_LINE,
  );
  await manager.query('update accounts set created_at = $2, state = $3 where id = $1', [
    id,
    created_at,
    state,
  ]);
  if (password !== null) {
    const { hash, salt, memory, passes, parallelism } = password;
    await manager.query(
      `insert into account_passwords (account_id, hash, salt, memory, passes, parallelism)
       values ($1, $2, $3, $4, $5, $6)`,
      [id, hash, salt, memory, passes, parallelism],
    );
  }
  for (const token of tokens) {
    await manager.query(
      `insert into api_tokens (account_id, token_hash, created_at, expires_at, name, scopes)
       values ($1, $2, $3, $4, $5, $6) on conflict (token_hash) do nothing`,
      [id, token.sha256, token.created_at, token.expires_at, token.name, token.scopes],
    );
  }
}

/** @throws AppError `invalid_request` for a policy or brand that this version refuses */
function choicesOf(line: DomainLine): NewClaim['choices'] {
  const policy = { ...NO_POLICY, ...definedOf(line.policy) };
  checkPolicy(policy);
  const brand = presentSettings(line.brand);
  checkBrand(brand);
  return {
    homepageEnabled: line.homepage_enabled,
    apiEnabled: line.api_enabled,
    policy,
    look: { ...NO_LOOK, brand },
  };
}

function definedOf<Values extends object>(values: Values) {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Values]: Exclude<Values[Key], undefined>;
  };
}
