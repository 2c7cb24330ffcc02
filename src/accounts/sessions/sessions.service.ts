import { Injectable } from '@nestjs/common';
import { CellConfig } from '../../config/cell-config.js';
import { AppError } from '../../shared/app-error.js';
import type { AccountId } from '../account.js';
import type { Actor } from '../activity/activity.js';
import type { LiveSession, SessionId, SessionRecord } from './session.js';
import { csrfTokenOf, hashSessionValue, parseSessionValue } from './session-value.js';
import { SessionStore } from './session.store.js';

/** The browsers that are signed in to accounts. A sign-in opens a session: see SignIns. */
@Injectable()
export class Sessions {
  constructor(
    private readonly config: CellConfig,
    private readonly store: SessionStore,
  ) {}

  /**
   * The live session with this value of a cookie, and its active account; else null. Nothing is cached: a revocation or a
   * suspension takes effect with the next request.
   */
  async authenticate(text: string): Promise<LiveSession | null> {
    const { region } = this.config;
    const value = parseSessionValue(text);
    if (value === null) return null;
    const found = await this.store.find(hashSessionValue(value, region));
    if (found === null) return null;
    const { account, id, agent, isFresh, isNoteDue } = found;
    return {
      account,
      session: { id, agent, isFresh, csrfToken: csrfTokenOf(value, region) },
      isNoteDue,
    };
  }

  /** Those of the sessions that have not ended, for whoever was let in by one and stays for a while. */
  async liveAmong(ids: readonly SessionId[]): Promise<readonly SessionId[]> {
    return (await this.store.liveAmong(ids)).map(({ id }) => id);
  }

  /** The newest sign-in first. */
  list(accountId: AccountId): Promise<SessionRecord[]> {
    return this.store.list(accountId);
  }

  /** Throws AppError `not_found` for an unknown id and for the id of another account's session. */
  async revoke(accountId: AccountId, id: SessionId, actor: Actor): Promise<SessionRecord> {
    const session = await this.store.revoke(accountId, id, actor);
    if (session === null) throw new AppError('not_found', 'Session not found');
    return session;
  }

  /** Ends all sessions of the account but `kept`. Returns how many. */
  revokeOthers(accountId: AccountId, kept: SessionId | null, actor: Actor): Promise<number> {
    return this.store.revokeOthers(accountId, kept, actor);
  }

  /** Ends the caller's own session. */
  signOut({ id }: { readonly id: SessionId }): Promise<void> {
    return this.store.end(id);
  }
}
