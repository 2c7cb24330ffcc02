import { Get, Param, Post } from '@nestjs/common';
import { parseTokenName } from '../../accounts/tokens/token-rules.js';
import type { TokenId } from '../../accounts/tokens/token-record.js';
import { TOKEN_SCOPES, type TokenScope } from '../../accounts/tokens/token-scope.js';
import { TokensService } from '../../accounts/tokens/tokens.service.js';
import { actingOf } from '../../auth/acting.js';
import { Limited } from '../../limits/limited.decorator.js';
import { AppError } from '../../shared/app-error.js';
import { DAY_SECONDS } from '../../shared/durations.js';
import { isUuid } from '../../shared/uuid.js';
import { accountOf } from '../frame/account-of.js';
import { CurrentVisit, type Visit } from '../frame/frames.js';
import { pageOf, seeOther, type Page } from '../frame/page.js';
import { PageForm, type SentForm } from '../frame/page-form.js';
import { SameOriginOnly } from '../frame/same-origin-only.decorator.js';
import { hasText, type MessageKeyOf } from '../messages/messages.js';
import { AccountPages } from '../frame/account-pages.decorator.js';
import { overlapIn } from './overlaps.js';
import { NewTokenPage, TOKEN_DAYS, TokensPage } from './views/tokens-page.js';

const NAME_SHOWN_MAX = 200;

/** `/account/tokens`: the API tokens, made and revoked. */
@AccountPages('account/tokens', 'account')
export class TokensPageController {
  constructor(private readonly tokens: TokensService) {}

  @Get()
  @Limited('account read')
  list(@CurrentVisit() visit: Visit): Promise<Page> {
    return this.#list(visit);
  }

  /** The answer has the token, so it is no redirect. Sent again it is refused by the token's name. */
  @Post()
  @Limited('account change')
  @SameOriginOnly()
  async create(@CurrentVisit() visit: Visit, @PageForm() sent: SentForm): Promise<Page> {
    const { caller, frame } = visit;
    const typed = sent.get('name') ?? '';
    const name = parseTokenName(typed);
    const days = TOKEN_DAYS.find((each) => String(each) === sent.get('days')) ?? 0;
    const scopes = TOKEN_SCOPES.filter((scope) => sent.get(scope) !== null);
    const again = (alert: MessageKeyOf<'tokens.refused'>): Promise<Page> =>
      this.#list(visit, {
        name: typed.slice(0, NAME_SHOWN_MAX),
        scopes,
        days,
        alert: frame.texts(alert),
      });
    if (name === null) return again('tokens.refused.name');
    if (scopes.length === 0) return again('tokens.refused.scopes');
    try {
      const request = { name, scopes, expiresInSeconds: days === 0 ? null : days * DAY_SECONDS };
      const { value } = await this.tokens.create(accountOf(caller).id, request, actingOf(caller));
      return pageOf(frame, NewTokenPage, { name, value });
    } catch (error) {
      const key = `tokens.refused.${error instanceof AppError ? error.reason : ''}`;
      if (!isRefusal(key)) throw error;
      return again(key);
    }
  }

  /** The answer has the new value, so it is no redirect. */
  @Post(':id/renew')
  @Limited('account change')
  @SameOriginOnly()
  async renew(
    @CurrentVisit() { caller, frame }: Visit,
    @Param('id') id: string,
    @PageForm() sent: SentForm,
  ): Promise<Page> {
    const request = { overlapSeconds: overlapIn(sent) };
    const made = await this.tokens.rotate(
      accountOf(caller).id,
      tokenIdOf(id),
      request,
      actingOf(caller),
    );
    return pageOf(frame, NewTokenPage, { name: made.token.name, value: made.value });
  }

  @Post(':id/revoke')
  @Limited('account change')
  @SameOriginOnly()
  async revoke(@CurrentVisit() { caller }: Visit, @Param('id') id: string): Promise<Page> {
    await this.tokens.revoke(accountOf(caller).id, tokenIdOf(id), actingOf(caller).actor);
    return seeOther('/account/tokens');
  }

  async #list(
    { caller, frame }: Visit,
    again?: {
      readonly name: string;
      readonly scopes: readonly TokenScope[];
      readonly days: number;
      readonly alert: string;
    },
  ): Promise<Page> {
    const all = await this.tokens.list(accountOf(caller).id);
    const tokens = all.filter(({ replacedBy }) => replacedBy === null);
    return pageOf(frame, TokensPage, { tokens, ...again }, again && { status: 400 });
  }
}

/** A malformed id in an address gets the answer of an unknown one. */
function tokenIdOf(text: string): TokenId {
  if (!isUuid(text)) throw new AppError('not_found', 'Token not found');
  return text as TokenId;
}

function isRefusal(key: string): key is MessageKeyOf<'tokens.refused'> {
  return hasText(key);
}
