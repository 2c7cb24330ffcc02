import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/server';
import { AppError } from '../../shared/app-error.js';
import type { AccountId } from '../account.js';
import { browserActor } from '../activity/activity.js';
import { writeActivity } from '../activity/write-activity.js';
import { lockAccount } from '../lock-account.js';
import { requireFresh } from '../sessions/fresh.js';
import { ProtectedChanges, type Changed, type Owner } from '../sign-in/protected-changes.js';
import { PASSKEYS_MAX, type PasskeyId, type PasskeyRecord } from './passkey.js';
import { parseTokenName } from '../tokens/token-rules.js';
import { PasskeyCeremonies, passkeyRefused } from './passkey-ceremonies.js';
import {
  countPasskeys,
  deletePasskey,
  insertPasskey,
  PasskeyStore,
  renamePasskey,
} from './passkey.store.js';

/** The passkeys of an account, as its signed-in owner sees and changes them. */
@Injectable()
export class Passkeys {
  constructor(
    private readonly dataSource: DataSource,
    private readonly store: PasskeyStore,
    private readonly ceremonies: PasskeyCeremonies,
    private readonly changes: ProtectedChanges,
  ) {}

  /** The oldest first. */
  list(accountId: AccountId): Promise<PasskeyRecord[]> {
    return this.store.list(accountId);
  }

  /** For `PublicKeyCredential.parseCreationOptionsFromJSON()`. @throws AppError `forbidden` when the sign-in is not fresh */
  async creationOptions({
    account,
    session,
  }: Owner): Promise<PublicKeyCredentialCreationOptionsJSON> {
    requireFresh(session);
    const known = await this.store.credentialIds(account.id);
    const { id: accountId, email } = account;
    return this.ceremonies.creationOptions({ accountId, email, purpose: 'add', known });
  }

  /**
   * @param response what `credential.toJSON()` gave
   * @throws AppError `forbidden`, `invalid_request`
   */
  async add(owner: Owner, typedName: string, response: unknown): Promise<Changed<PasskeyRecord>> {
    requireFresh(owner.session);
    const name = requirePasskeyName(typedName);
    const asked = { purpose: 'add', accountId: owner.account.id } as const;
    const credential = await this.ceremonies.verifyNew(response, asked);
    return this.changes.make(owner, async (manager, id) => {
      if ((await countPasskeys(manager, id)) >= PASSKEYS_MAX) throw tooMany();
      const passkey = await insertPasskey(manager, id, name, credential);
      if (passkey === null) throw passkeyRefused();
      return {
        result: passkey,
        entry: { action: 'passkey.added', subject: { name } },
        notice: { kind: 'passkey_added', name },
      };
    });
  }

  /** @throws AppError `forbidden`, `not_found` for an unknown id and for another account's */
  remove(owner: Owner, passkeyId: PasskeyId): Promise<Changed<PasskeyRecord>> {
    return this.changes.make(owner, async (manager, id) => {
      const passkey = await deletePasskey(manager, id, passkeyId);
      if (passkey === null) throw unknownPasskey();
      const { name } = passkey;
      return {
        result: passkey,
        entry: { action: 'passkey.removed', subject: { name } },
        notice: { kind: 'passkey_removed', name },
      };
    });
  }

  /**
   * What it is called decides which one its owner removes, so this needs a fresh sign-in too.
   * @throws AppError `forbidden`, `invalid_request`, `not_found`
   */
  async rename(
    { account, session, visitor }: Owner,
    passkeyId: PasskeyId,
    typedName: string,
  ): Promise<PasskeyRecord> {
    requireFresh(session);
    const name = requirePasskeyName(typedName);
    const browser = browserActor(visitor.agent, visitor.network);
    const actor = { ...browser, sessionId: session.id };
    return this.dataSource.transaction(async (manager) => {
      const { id } = await lockAccount(manager, account.id, actor);
      const passkey = await renamePasskey(manager, id, passkeyId, name);
      if (passkey === null) throw unknownPasskey();
      const entry = { action: 'passkey.renamed', subject: { name } } as const;
      await writeActivity(manager, id, actor, entry);
      return passkey;
    });
  }
}

export function requirePasskeyName(text: string): string {
  const name = parseTokenName(text);
  if (name !== null) return name;
  throw new AppError('invalid_request', 'A name has 1 to 60 characters and no line breaks.', {
    field: 'name',
    reason: 'NAME_INVALID',
  });
}

function unknownPasskey(): AppError {
  return new AppError('not_found', 'Passkey not found');
}

function tooMany(): AppError {
  return new AppError('invalid_request', `An account has at most ${PASSKEYS_MAX} passkeys.`, {
    reason: 'TOO_MANY_PASSKEYS',
    hint: 'Remove one that is not used any more.',
  });
}
