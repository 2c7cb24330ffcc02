import { Delete, Get, Injectable, Param } from '@nestjs/common';
import type { Account } from '../../accounts/account.js';
import type { SessionId, SessionRecord } from '../../accounts/sessions/session.js';
import { Sessions } from '../../accounts/sessions/sessions.service.js';
import type { Grantor } from '../../accounts/tokens/tokens.service.js';
import type { Caller } from '../../auth/caller.js';
import { CurrentCaller } from '../../auth/current-caller.decorator.js';
import { DomainRequestPipe } from '../domains/domain-request.pipe.js';
import { SignedIn } from '../domains/signed-in.decorator.js';
import { AccountRoutes, ReadOnly } from './account-routes.decorator.js';
import { Acting } from './acting.decorator.js';
import type { EndedSessionsAnswer, SessionAnswer, SessionsAnswer } from './sign-in-answers.js';
import { sessionIdSchema } from './sign-in-requests.js';

@Injectable()
class SessionRequestPipe extends DomainRequestPipe {
  protected override readonly unknownId = 'Session not found';
}

/** The browsers that are signed in to the account. */
@AccountRoutes('/sessions', SessionRequestPipe)
export class AccountSessionsController {
  constructor(private readonly sessions: Sessions) {}

  @Get()
  @ReadOnly()
  async list(
    @SignedIn() { id }: Account,
    @CurrentCaller() caller: Caller,
  ): Promise<SessionsAnswer> {
    const sessions = await this.sessions.list(id);
    const records = sessions.map((session) => presentSession(session, caller));
    return { user_id: id, records, count: records.length };
  }

  @Delete(':id')
  async revoke(
    @SignedIn() { id }: Account,
    @Acting() { actor }: Grantor,
    @CurrentCaller() caller: Caller,
    @Param('id', { schema: sessionIdSchema }) sessionId: SessionId,
  ): Promise<SessionAnswer> {
    const session = await this.sessions.revoke(id, sessionId, actor);
    return { user_id: id, record: presentSession(session, caller) };
  }

  /** All but the caller's own. */
  @Delete()
  async revokeOthers(
    @SignedIn() { id }: Account,
    @Acting() { actor }: Grantor,
    @CurrentCaller() { session }: Caller,
  ): Promise<EndedSessionsAnswer> {
    const ended = await this.sessions.revokeOthers(id, session?.id ?? null, actor);
    return { user_id: id, record: { ended } };
  }
}

function presentSession(
  session: SessionRecord,
  { session: own }: Pick<Caller, 'session'>,
): SessionAnswer['record'] {
  return {
    id: session.id,
    is_current: session.id === own?.id,
    method: session.method,
    second_factor: session.secondFactor,
    agent: session.agent,
    network: session.network,
    signed_in_at: session.signedInAt.toISOString(),
    last_used_on: session.lastUsedOn,
    last_used_from: session.lastUsedFrom,
    expires_at: session.expiresAt.toISOString(),
  };
}
