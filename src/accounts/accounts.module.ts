import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountEntity } from './account.entity.js';
import { AccountStore } from './account.store.js';
import { AccountsService } from './accounts.service.js';
import { ApiTokenEntity } from './api-token.entity.js';

// What this room knows: accounts, what their plans allow, and which API tokens are theirs.
// What it must not know: requests, hosts, secrets, or that there are other regions.

@Module({
  imports: [TypeOrmModule.forFeature([AccountEntity, ApiTokenEntity])],
  providers: [AccountStore, AccountsService],
  exports: [AccountsService],
})
export class AccountsModule {}
