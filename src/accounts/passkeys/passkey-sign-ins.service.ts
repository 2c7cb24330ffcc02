import { Injectable } from '@nestjs/common';
import type { PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server';
import { networkCharges } from '../../limits/network-charges.js';
import { RateLimits } from '../../limits/rate-limits.js';
import { AppError } from '../../shared/app-error.js';
import { SignInMetrics } from '../sign-in/sign-in-metrics.js';
import { SignInStore, type SignedInBrowser } from '../sign-in/sign-in.store.js';
import type { Visitor } from '../sign-in/visitor.js';
import type { StoredCredential } from './passkey.js';
import { PasskeyCeremonies, passkeyRefused } from './passkey-ceremonies.js';
import { PasskeyStore, usePasskey } from './passkey.store.js';

/** Base64url, as long as an authenticator makes it at most (WebAuthn level 3, section 4). */
const CREDENTIAL_ID = /^[\w-]{1,1364}$/;

/** Signing in by a passkey. It verifies its person, so nothing else is asked for. */
@Injectable()
export class PasskeySignIns {
  constructor(
    private readonly limits: RateLimits,
    private readonly store: PasskeyStore,
    private readonly ceremonies: PasskeyCeremonies,
    private readonly signIns: SignInStore,
    private readonly metrics: SignInMetrics,
  ) {}

  /** For `PublicKeyCredential.parseRequestOptionsFromJSON()`. */
  requestOptions(): Promise<PublicKeyCredentialRequestOptionsJSON> {
    return this.ceremonies.requestOptions();
  }

  /**
   * Opens a session with a new value, in place of the browser's session until now. Only what is refused is counted: a right
   * passkey signs in whatever others have done behind the same address.
   * @param response what `credential.toJSON()` gave
   * @throws AppError `invalid_request` with the reason PASSKEY_REFUSED, `rate_limited`
   */
  async signIn(response: unknown, visitor: Visitor): Promise<SignedInBrowser> {
    const opened = await this.#verify(response, visitor).catch(async (error: unknown) => {
      this.metrics.count('passkey', 'refused');
      if (error instanceof AppError)
        await this.limits.spend(networkCharges(visitor.client, 'PASSKEYS', 'PASSKEYS_WIDE'));
      throw error;
    });
    this.metrics.count('passkey', 'signed_in');
    return opened;
  }

  async #verify(response: unknown, visitor: Visitor): Promise<SignedInBrowser> {
    const stored = await this.#find(response);
    if (stored === null) throw passkeyRefused();
    const counter = await this.ceremonies.verifySignIn(response, stored);
    const opened = await this.signIns.openByPasskey(
      stored.accountId,
      (manager) => usePasskey(manager, stored, counter),
      visitor,
    );
    if (opened === null) throw passkeyRefused();
    return opened;
  }

  #find(response: unknown): Promise<StoredCredential | null> {
    const id: unknown = Reflect.get(Object(response), 'id');
    if (typeof id !== 'string' || !CREDENTIAL_ID.test(id)) return Promise.resolve(null);
    return this.store.find(Buffer.from(id, 'base64url'));
  }
}
