import { Injectable } from '@nestjs/common';
import type { AccountId } from '../../accounts/account.js';
import { SignInExport } from '../../accounts/sign-in/sign-in-export.js';
import { TokensService } from '../../accounts/tokens/tokens.service.js';
import { toSnakeCase } from '../domains/snake-case.js';
import { presentTokens } from './account-presenter.js';
import type { ExportSection } from './export-section.js';

/** How the account is signed in to: by programs and by browsers. */
@Injectable()
export class ExportedSignIn {
  readonly sections: readonly ExportSection[];

  constructor(
    private readonly tokens: TokensService,
    private readonly signIn: SignInExport,
  ) {
    this.sections = [
      { name: 'tokens', pages: (id) => this.#tokens(id) },
      { name: 'sign_in_factors', pages: (id) => snakeCased(this.signIn.factors(id)) },
      { name: 'passkeys', pages: (id) => snakeCased(this.signIn.passkeys(id)) },
      { name: 'sessions', pages: (id) => snakeCased(this.signIn.sessions(id)) },
    ];
  }

  async *#tokens(id: AccountId): AsyncGenerator<readonly object[]> {
    yield presentTokens(await this.tokens.list(id), null);
  }
}

async function* snakeCased(rows: Promise<object[]>): AsyncGenerator<object[]> {
  yield (await rows).map((each) => toSnakeCase(each) as object);
}
