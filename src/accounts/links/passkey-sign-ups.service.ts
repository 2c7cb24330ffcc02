import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/server';
import type { AccountId } from '../account.js';
import { PasskeyCeremonies } from '../passkeys/passkey-ceremonies.js';
import { requirePasskeyName } from '../passkeys/passkeys.service.js';
import type { SignedInBrowser } from '../sign-in/sign-in.store.js';
import type { Visitor } from '../sign-in/visitor.js';
import { SignUps } from './sign-ups.service.js';

/** Signing up with a passkey in place of a password. */
@Injectable()
export class PasskeySignUps {
  constructor(
    private readonly signUps: SignUps,
    private readonly ceremonies: PasskeyCeremonies,
  ) {}

  /** For `PublicKeyCredential.parseCreationOptionsFromJSON()`. Throws AppError `not_found`. */
  async creationOptions(token: string): Promise<PublicKeyCredentialCreationOptionsJSON> {
    const { email } = await this.signUps.find(token);
    const accountId = accountIdOf(token);
    return this.ceremonies.creationOptions({ accountId, email, purpose: 'sign_up', known: [] });
  }

  /**
   * Makes the account and signs its owner in.
   * @param response what `credential.toJSON()` gave
   * @throws AppError `not_found`, `invalid_request`, `account_exists`
   */
  async complete(
    token: string,
    typedName: string,
    response: unknown,
    visitor: Visitor,
  ): Promise<SignedInBrowser> {
    const link = await this.signUps.find(token);
    const name = requirePasskeyName(typedName);
    const accountId = accountIdOf(token);
    const asked = { purpose: 'sign_up', accountId } as const;
    const passkey = await this.ceremonies.verifyNew(response, asked);
    return this.signUps.completeWith(token, link, { accountId, passkey, name }, visitor);
  }
}

/** The authenticator is told the id before the account exists. A UUID of the link's random bits, version 8 (RFC 9562). */
function accountIdOf(token: string): AccountId {
  const hash = createHash('sha256').update(`onetime account of a link\0${token}`).digest('hex');
  return hash.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-8$3-8$4-$5') as AccountId;
}
