import { Get, Query } from '@nestjs/common';
import { Limited } from '../../limits/limited.decorator.js';
import { AccountPages } from '../frame/account-pages.decorator.js';
import { CurrentVisit, type Visit } from '../frame/frames.js';
import type { Page } from '../frame/page.js';
import { AccountSecurity } from './account-security.js';

const NAME_SHOWN_MAX = 200;

/** `/account/security`: password, passkeys, authenticator app. */
@AccountPages('account/security', 'account')
export class SecurityPageController {
  constructor(private readonly security: AccountSecurity) {}

  /** @param name of a passkey, which was typed before its owner had to sign in again */
  @Get()
  @Limited('account read')
  show(@CurrentVisit() visit: Visit, @Query('name') name: unknown): Promise<Page> {
    if (typeof name !== 'string' || name === '') return this.security.page(visit);
    return this.security.page(visit, { form: 'passkey', name: name.slice(0, NAME_SHOWN_MAX) });
  }
}
