import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { AccountId } from '../account.js';
import { AccountEntity } from '../account.entity.js';
import type { EmailAddress, EmailKey } from '../email-address.js';
import { AccountMail } from '../email-change/account-mail.js';
import type { LinkMessage } from '../sign-in/sign-in-message.js';
import type { Visitor } from '../sign-in/visitor.js';
import { hashLinkToken, newLinkToken, type LinkToken } from './link-token.js';

const VALID_FOR = `interval '1 hour'`;

export type LinkPurpose = 'sign_up' | 'password';

/** A link that can still be used. */
export interface AccountLink {
  readonly email: EmailAddress;
  readonly emailKey: EmailKey;
  /** Null: of a sign-up. */
  readonly accountId: AccountId | null;
}

const COLUMNS = 'email, email_key as "emailKey", account_id as "accountId"';

const INSERT = `
  insert into account_links (token_hash, purpose, email, email_key, account_id, expires_at)
  values ($1, $2, $3, $4, $5, now() + ${VALID_FOR}) returning expires_at as "expiresAt"`;

const FIND = `
  select ${COLUMNS} from account_links where token_hash = $1 and purpose = $2 and expires_at > now()`;

const TAKE = `
  delete from account_links where token_hash = $1 and purpose = $2 and expires_at > now()
  returning ${COLUMNS}`;

/** Links that prove an address: what is mailed for one purpose, to one address, for an hour and one use. */
@Injectable()
export class AccountLinkStore {
  constructor(
    private readonly dataSource: DataSource,
    private readonly mail: AccountMail,
  ) {}

  /** To an address with an account goes a link for a new password, and the word that there is an account. */
  mailSignUp(email: EmailAddress, emailKey: EmailKey, { language }: Visitor): Promise<void> {
    return this.dataSource.transaction(async (manager) => {
      const account = await findAccount(manager, emailKey);
      const token = newLinkToken();
      if (account === null) {
        const expiresAt = await insert(manager, token, { email, emailKey, accountId: null });
        const message = { kind: 'sign_up_link', token, expiresAt, accountId: null } as const;
        await this.mail.accept(manager, { ...message, to: email, language });
      } else await this.#mailPassword(manager, account, { kind: 'sign_up_known', language });
    });
  }

  /** To an address without an account that can be signed in to goes a message without a link. */
  mailPassword(email: EmailAddress, emailKey: EmailKey, { language }: Visitor): Promise<void> {
    return this.dataSource.transaction(async (manager) => {
      const account = await findAccount(manager, emailKey);
      if (account !== null)
        await this.#mailPassword(manager, account, { kind: 'password_link', language });
      else await this.#mailUnknown(manager, { email, emailKey }, language);
    });
  }

  /** Null when it was used, has expired or is none. Nothing is used up. */
  async find(token: string, purpose: LinkPurpose): Promise<AccountLink | null> {
    const [link] = await this.dataSource.query<AccountLink[]>(FIND, [
      hashLinkToken(token),
      purpose,
    ]);
    return link ?? null;
  }

  async #mailPassword(
    manager: EntityManager,
    { id, email, emailKey: key, state }: AccountEntity,
    { kind, language }: Pick<LinkMessage, 'kind' | 'language'>,
  ): Promise<void> {
    const [address, emailKey] = [email as EmailAddress, key as EmailKey];
    // Whoever may not sign in needs no link.
    if (state !== 'active')
      return this.#mailUnknown(manager, { email: address, emailKey }, language);
    const token = newLinkToken();
    const expiresAt = await insert(manager, token, { email: address, emailKey, accountId: id });
    await this.mail.accept(manager, { kind, token, expiresAt, accountId: id, to: email, language });
  }

  /**
   * A message without a link. The row is that of a link whose token nobody has: whoever asks waits as long for this
   * answer as for that about an account.
   */
  async #mailUnknown(
    manager: EntityManager,
    { email, emailKey }: Pick<AccountLink, 'email' | 'emailKey'>,
    language: LinkMessage['language'],
  ): Promise<void> {
    await insert(manager, newLinkToken(), { email, emailKey, accountId: null });
    const message = { kind: 'password_unknown', accountId: null } as const;
    await this.mail.accept(manager, { ...message, to: email, language });
  }
}

/** Uses a link up. Null for all but the first of those who do it at once. */
export async function takeLink(
  manager: EntityManager,
  token: string,
  purpose: LinkPurpose,
): Promise<AccountLink | null> {
  const values = [hashLinkToken(token), purpose];
  const [[link]] = await manager.query<[AccountLink[], number]>(TAKE, values);
  return link ?? null;
}

function findAccount(manager: EntityManager, emailKey: EmailKey): Promise<AccountEntity | null> {
  return manager.getRepository(AccountEntity).findOneBy({ emailKey });
}

async function insert(
  manager: EntityManager,
  token: LinkToken,
  { email, emailKey, accountId }: AccountLink,
): Promise<Date> {
  const purpose: LinkPurpose = accountId === null ? 'sign_up' : 'password';
  const values = [hashLinkToken(token), purpose, email, emailKey, accountId];
  const [link] = await manager.query<[{ expiresAt: Date }]>(INSERT, values);
  return link.expiresAt;
}
