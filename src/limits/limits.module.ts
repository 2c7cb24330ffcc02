import { Module } from '@nestjs/common';
import { EndedWindowsJob } from './ended-windows.job.js';
import { GuessLimits } from './guess-limits.js';
import { LimitKeys } from './limit-keys.js';
import { LimitLifts } from './limit-lifts.js';
import { PasswordLimits } from './password-limits.js';
import { RateLimits } from './rate-limits.js';
import { SignInLimits } from './sign-in-limits.js';

// What this room knows: how often something may be done, and how often it was: in memory, and in the database for all
// replicas. The table of all limits is src/config/limits.ts, since each can be set.
// What it must not know: what is done, or who a subject is.

/** Provides the limits to the whole cell. */
@Module({
  providers: [
    LimitKeys,
    RateLimits,
    SignInLimits,
    PasswordLimits,
    GuessLimits,
    LimitLifts,
    EndedWindowsJob,
  ],
  exports: [RateLimits, SignInLimits, PasswordLimits, GuessLimits, LimitLifts],
})
export class LimitsModule {}
