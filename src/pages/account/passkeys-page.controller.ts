import { Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { PasskeyId } from '../../accounts/passkeys/passkey.js';
import { Passkeys } from '../../accounts/passkeys/passkeys.service.js';
import type { Visitor } from '../../accounts/sign-in/visitor.js';
import { CurrentVisitor } from '../../auth/current-visitor.decorator.js';
import { Limited } from '../../limits/limited.decorator.js';
import { AppError } from '../../shared/app-error.js';
import { isUuid } from '../../shared/uuid.js';
import { AccountPages } from '../frame/account-pages.decorator.js';
import { CurrentVisit, type Visit } from '../frame/frames.js';
import { seeOther, type Page } from '../frame/page.js';
import { PageForm, type SentForm } from '../frame/page-form.js';
import { SameOriginOnly } from '../frame/same-origin-only.decorator.js';
import { AccountSecurity, changed, SECURITY_PATH } from './account-security.js';
import { credentialIn, passkeyNameIn } from './passkey-wire.js';

/** The forms of passkeys on `/account/security`. */
@AccountPages('account/security/passkeys', 'account')
@Limited('account change')
@SameOriginOnly()
export class PasskeysPageController {
  constructor(
    private readonly security: AccountSecurity,
    private readonly passkeys: Passkeys,
  ) {}

  @Post()
  add(
    @CurrentVisit() visit: Visit,
    @CurrentVisitor() visitor: Visitor,
    @PageForm() sent: SentForm,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Page> {
    const name = passkeyNameIn(sent);
    return this.security.change({ visit, visitor }, { form: 'passkey', name }, async (owner) =>
      changed(reply, await this.passkeys.add(owner, name, credentialIn(sent))),
    );
  }

  @Post(':id/rename')
  rename(
    @CurrentVisit() visit: Visit,
    @CurrentVisitor() visitor: Visitor,
    @PageForm() sent: SentForm,
    @Param('id') id: string,
  ): Promise<Page> {
    const [passkeyId, name] = [idOf(id), passkeyNameIn(sent)];
    return this.security.change({ visit, visitor }, { form: passkeyId, name }, async (owner) => {
      await this.passkeys.rename(owner, passkeyId, name);
      return seeOther(SECURITY_PATH);
    });
  }

  @Post(':id/remove')
  remove(
    @CurrentVisit() visit: Visit,
    @CurrentVisitor() visitor: Visitor,
    @Param('id') id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Page> {
    const passkeyId = idOf(id);
    return this.security.change({ visit, visitor }, { form: null }, async (owner) =>
      changed(reply, await this.passkeys.remove(owner, passkeyId)),
    );
  }
}

function idOf(text: string): PasskeyId {
  if (!isUuid(text)) throw new AppError('not_found', 'Passkey not found');
  return text as PasskeyId;
}
