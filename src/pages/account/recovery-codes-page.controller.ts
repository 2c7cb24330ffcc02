import { Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { SecondFactors } from '../../accounts/second-factor/second-factors.service.js';
import type { Visitor } from '../../accounts/sign-in/visitor.js';
import { CurrentVisitor } from '../../auth/current-visitor.decorator.js';
import { Limited } from '../../limits/limited.decorator.js';
import { AppError } from '../../shared/app-error.js';
import { accountOf } from '../frame/account-of.js';
import { AccountPages } from '../frame/account-pages.decorator.js';
import { CurrentVisit, type Visit } from '../frame/frames.js';
import { pageOf, type Page } from '../frame/page.js';
import { PageForm, type SentForm } from '../frame/page-form.js';
import { SameOriginOnly } from '../frame/same-origin-only.decorator.js';
import { AccountSecurity, withNewValue } from './account-security.js';
import { codesIn, fileOf } from './recovery-codes-file.js';
import { RecoveryCodesPage } from './views/recovery-codes-page.js';

/** New recovery codes, and the file of those that a page shows. */
@AccountPages('account/security/codes', 'account')
@Limited('account change')
@SameOriginOnly()
export class RecoveryCodesPageController {
  constructor(
    private readonly security: AccountSecurity,
    private readonly factors: SecondFactors,
  ) {}

  /** The answer has the codes, so it is no redirect. */
  @Post()
  renew(
    @CurrentVisit() visit: Visit,
    @CurrentVisitor() visitor: Visitor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Page> {
    return this.security.change({ visit, visitor }, { form: null }, async (owner) => {
      const { result, sessionValue } = await this.factors.renewCodes(owner);
      const frame = withNewValue(visit.frame, reply, sessionValue);
      return pageOf(frame, RecoveryCodesPage, { codes: result, isNew: false });
    });
  }

  /** Only the page has the codes, so it sends them: this works without a script, and nothing is in an address. */
  @Post('file')
  file(@CurrentVisit() { caller, frame }: Visit, @PageForm() sent: SentForm): Page {
    const codes = codesIn(sent.get('codes') ?? '');
    if (codes === null) throw new AppError('invalid_request', 'These are no recovery codes.');
    return fileOf(frame, accountOf(caller).email, codes);
  }
}
