import { Module } from '@nestjs/common';
import { EmailChangeStore } from './email-change.store.js';
import { EmailChanges } from './email-changes.service.js';

/** The application that imports it provides AccountMail. */
@Module({
  providers: [EmailChangeStore, EmailChanges],
  exports: [EmailChanges],
})
export class EmailChangeModule {}
