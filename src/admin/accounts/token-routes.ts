import { Injectable } from '@nestjs/common';
import { AccountsService } from '../../accounts/accounts.service.js';
import type { TokenId, TokenRecord } from '../../accounts/tokens/token-record.js';
import { TOKEN_SCOPES } from '../../accounts/tokens/token-scope.js';
import {
  TokensService,
  type Grantor,
  type NewTokenValue,
} from '../../accounts/tokens/tokens.service.js';
import { presentToken } from '../../api/account/account-presenter.js';
import { accountActor, adminRoute, AdminRoutes, type AdminActor } from '../admin-operation.js';
import {
  CREATE_TOKEN,
  REVOKE_TOKEN,
  ROTATE_TOKEN,
  type AccountTokenAnswer,
  type NewAccountTokenAnswer,
} from './token-operations.js';

@Injectable()
export class TokenRoutes extends AdminRoutes {
  constructor(
    private readonly accounts: AccountsService,
    private readonly tokens: TokensService,
  ) {
    super();
  }

  readonly routes = [
    adminRoute(CREATE_TOKEN, async ({ params, body }, actor) => {
      const { id } = await this.accounts.get(params.email);
      const request = {
        name: body.name,
        scopes: body.scopes,
        expiresInSeconds: body.expires_in,
      };
      return withValue(await this.tokens.create(id, request, grantorOf(actor)), []);
    }),
    adminRoute(ROTATE_TOKEN, async ({ params, body }, actor) => {
      const { id } = await this.accounts.get(params.email);
      const request = { overlapSeconds: body.overlap, expiresInSeconds: body.expires_in };
      const tokenId = params.id as TokenId;
      const rotated = await this.tokens.rotate(id, tokenId, request, grantorOf(actor));
      return withValue(rotated, await this.tokens.list(id));
    }),
    adminRoute(REVOKE_TOKEN, async ({ params }, actor) => {
      const { id } = await this.accounts.get(params.email);
      const token = await this.tokens.revoke(id, params.id as TokenId, accountActor(actor));
      return { token: presentAccountToken(token, []), revoked: true as const };
    }),
  ];
}

/** @param values of all tokens of the account, those that a rotation has replaced as well */
export function presentAccountToken(
  token: TokenRecord,
  values: readonly TokenRecord[],
): AccountTokenAnswer {
  const { is_current: _, ...shown } = presentToken(token, values, null);
  return shown;
}

/** The operator gives any scope. */
function grantorOf(actor: AdminActor): Grantor {
  return { actor: accountActor(actor), scopes: TOKEN_SCOPES };
}

function withValue(
  { token, value }: NewTokenValue,
  values: readonly TokenRecord[],
): NewAccountTokenAnswer {
  return { token: presentAccountToken(token, values), value };
}
