import type { IncomingMessage } from 'node:http';
import type { StrategyCreated } from 'passport';
import { BasicStrategy, type BasicVerifyFunction } from 'passport-http';
import { readBasicCredentials } from './basic-credentials.js';

/** passport-http's strategy with a strict reading of the header: its own takes `XBasic` and text after the base64. */
export class StrictBasicStrategy extends BasicStrategy {
  /** Set by BasicStrategy. Not `#private`: passport runs a strategy as the prototype of a per-request object. */
  declare readonly _verify: BasicVerifyFunction;

  override authenticate(this: StrategyCreated<this>, request: IncomingMessage): void {
    const credentials = readBasicCredentials(request);
    if (credentials === null) return this.fail();
    this._verify(credentials.email, credentials.token, (error, account) => {
      if (error) this.error(error);
      else if (account) this.success(account);
      else this.fail();
    });
  }
}
