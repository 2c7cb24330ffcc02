import { Injectable } from '@nestjs/common';
import type { SessionId } from '../accounts/sessions/session.js';
import { Sessions } from '../accounts/sessions/sessions.service.js';
import type { TokenId } from '../accounts/tokens/token-record.js';
import { TokensService } from '../accounts/tokens/tokens.service.js';
import type { Caller } from '../auth/caller.js';
import { SetupLinks } from '../domains/claims/setup-links.js';
import type { SetupLinkId } from '../domains/setup-link.js';

/** By what a watcher was let in. */
export type Pass =
  | { readonly kind: 'session'; readonly id: SessionId }
  | { readonly kind: 'token'; readonly id: TokenId }
  | { readonly kind: 'link'; readonly id: SetupLinkId };

/** Null for a caller who is not signed in. */
export function passOf({ session, token }: Pick<Caller, 'session' | 'token'>): Pass | null {
  if (session !== null) return { kind: 'session', id: session.id };
  return token === null ? null : { kind: 'token', id: token.id };
}

/** Which passes still let in: however many they are, one statement for each kind. */
@Injectable()
export class WatcherPasses {
  constructor(
    private readonly sessions: Sessions,
    private readonly tokens: TokensService,
    private readonly links: SetupLinks,
  ) {}

  async validAmong(passes: readonly Pass[]): Promise<ReadonlySet<Pass>> {
    const [sessions, tokens, links] = await Promise.all([
      idsAmong(passes, 'session', (ids: SessionId[]) => this.sessions.liveAmong(ids)),
      idsAmong(passes, 'token', (ids: TokenId[]) => this.tokens.liveAmong(ids)),
      idsAmong(passes, 'link', (ids: SetupLinkId[]) => this.links.liveAmong(ids)),
    ]);
    const valid = { session: sessions, token: tokens, link: links };
    return new Set(passes.filter(({ kind, id }) => valid[kind].has(id)));
  }

  async isValid(pass: Pass): Promise<boolean> {
    return (await this.validAmong([pass])).size > 0;
  }
}

async function idsAmong<Id extends string>(
  passes: readonly Pass[],
  kind: Pass['kind'],
  live: (ids: Id[]) => Promise<readonly Id[]>,
): Promise<ReadonlySet<string>> {
  const ids = new Set(
    passes.flatMap((pass) => (pass.kind === kind ? [pass.id as string as Id] : [])),
  );
  return new Set(ids.size === 0 ? [] : await live([...ids]));
}
