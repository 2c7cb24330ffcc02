import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { BasicAuthenticator } from './basic-authenticator.js';
import { BasicGuard } from './basic.guard.js';

// What this room knows: how a request says who sent it, and whether that is true in this region.
// What it must not know: what the caller wants, or how an account is kept.

@Module({
  imports: [AccountsModule],
  providers: [BasicAuthenticator, BasicGuard],
  exports: [BasicAuthenticator, BasicGuard],
})
export class AuthModule {}
