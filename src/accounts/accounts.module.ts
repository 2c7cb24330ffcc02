import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountEntity } from './account.entity.js';
import { AccountStore } from './account.store.js';
import { AccountsService } from './accounts.service.js';
import { ApiTokenEntity } from './api-token.entity.js';

// What this room knows: accounts, the limits of their plans, and their API tokens.
// What it must not know: requests, hosts, secrets, or other regions.

@Module({
  imports: [TypeOrmModule.forFeature([AccountEntity, ApiTokenEntity])],
  providers: [AccountStore, AccountsService],
  exports: [AccountsService],
})
export class AccountsModule {}
