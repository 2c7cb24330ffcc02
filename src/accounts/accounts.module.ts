import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountEntity } from './account.entity.js';
import { AccountStore } from './account.store.js';
import { AccountsService } from './accounts.service.js';
import { AccountActivityEntity } from './activity/account-activity.entity.js';
import { ActivityStore } from './activity/activity.store.js';
import { ClosingConfirmations } from './closing/closing-confirmation.js';
import { ClosingStore } from './closing/closing.store.js';
import { SessionStore } from './sessions/session.store.js';
import { SessionUses } from './sessions/session-uses.js';
import { Sessions } from './sessions/sessions.service.js';
import { ApiTokenEntity } from './tokens/api-token.entity.js';
import { TokenStore } from './tokens/token.store.js';
import { TokenUses } from './tokens/token-uses.js';
import { TokensService } from './tokens/tokens.service.js';

// What this room knows: accounts, the limits of their plans, their API tokens, and who is signed in to
// them by which browser, and what was done to them by whom.
// What it must not know: requests, hosts, secrets, or other regions.

/** The application that imports it provides CellConfig. */
@Module({
  imports: [TypeOrmModule.forFeature([AccountEntity, ApiTokenEntity, AccountActivityEntity])],
  providers: [
    AccountStore,
    AccountsService,
    TokenStore,
    TokensService,
    TokenUses,
    SessionStore,
    SessionUses,
    Sessions,
    ActivityStore,
    ClosingStore,
    ClosingConfirmations,
  ],
  exports: [
    AccountsService,
    TokensService,
    TokenUses,
    SessionUses,
    Sessions,
    ActivityStore,
    ClosingStore,
    ClosingConfirmations,
  ],
})
export class AccountsModule {}
