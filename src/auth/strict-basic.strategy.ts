import type { FastifyRequest } from 'fastify';
import type { StrategyCreated } from 'passport';
import { BasicStrategy, type BasicVerifyFunction } from 'passport-http';
import { readBasicCredentials } from './basic-credentials.js';

/**
 * passport-http's strategy with a strict reading of the header: its own accepts `XBasic` and text after the base64, and
 * cuts the password at a second colon. No `#private` members: passport calls `authenticate` on Object.create(strategy).
 */
export class StrictBasicStrategy extends BasicStrategy {
  /** Set by BasicStrategy. */
  declare readonly _verify: BasicVerifyFunction;

  // passport's types know Express's request only; under @nestjs/passport it is Fastify's.
  override authenticate(this: StrategyCreated<this>, request: object): void {
    const credentials = readBasicCredentials((request as FastifyRequest).raw);
    if (credentials === null) return this.fail();
    this._verify(credentials.email, credentials.token, (error, account) => {
      if (error) this.error(error);
      else if (account) this.success(account);
      else this.fail();
    });
  }
}
