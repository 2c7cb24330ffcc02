import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts.module.js';
import { AccountSettings } from './account-settings.js';

/** The application that imports it provides MailRefusals. */
@Module({
  imports: [AccountsModule],
  providers: [AccountSettings],
  exports: [AccountSettings],
})
export class AccountSettingsModule {}
