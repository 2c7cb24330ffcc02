import { Get, StreamableFile } from '@nestjs/common';
import type { Account } from '../../accounts/account.js';
import type { Grantor } from '../../accounts/tokens/tokens.service.js';
import { Limited } from '../../limits/limited.decorator.js';
import { SignedIn } from '../domains/signed-in.decorator.js';
import { AccountExport } from './account-export.js';
import { AccountRoutes } from './account-routes.decorator.js';
import { Acting } from './acting.decorator.js';

const FILE_NAME = 'onetime-account.json';

/** Everything that is kept about the account, as a file. */
@AccountRoutes('/export')
export class AccountExportController {
  constructor(private readonly exports: AccountExport) {}

  @Get()
  @Limited('export')
  async download(
    @SignedIn() account: Account,
    @Acting() { actor }: Grantor,
  ): Promise<StreamableFile> {
    return new StreamableFile(await this.exports.open(account, actor), {
      type: 'application/json; charset=utf-8',
      disposition: `attachment; filename="${FILE_NAME}"`,
    });
  }
}
