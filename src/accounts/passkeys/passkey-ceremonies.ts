import { Injectable } from '@nestjs/common';
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server';
import { QueryFailedError } from 'typeorm';
import { isConnectionFailure } from '../../database/connection-failure.js';
import { AppError } from '../../shared/app-error.js';
import type { AccountId } from '../account.js';
import type { NewCredential, StoredCredential } from './passkey.js';
import { PasskeyChallenges, type ChallengePurpose } from './passkey-challenges.js';
import { PasskeyHost } from './passkey-host.js';

export interface NewPasskeyFor {
  readonly accountId: AccountId;
  readonly email: string;
  readonly purpose: 'add' | 'sign_up';
  /** In base64url: an authenticator that has one of these makes no other. */
  readonly known: readonly string[];
}

/** The library, loaded with the first passkey. */
const webAuthn = () => import('@simplewebauthn/server');

const UUID_DASHES = /-/g;
const SIGN_IN = { purpose: 'sign_in', accountId: null } as const;

/** What a browser and its authenticator are asked for (WebAuthn level 3), and whether what they answer is right. */
@Injectable()
export class PasskeyCeremonies {
  constructor(
    private readonly host: PasskeyHost,
    private readonly challenges: PasskeyChallenges,
  ) {}

  async creationOptions(asked: NewPasskeyFor): Promise<PublicKeyCredentialCreationOptionsJSON> {
    const { accountId, email, purpose, known } = asked;
    const { generateRegistrationOptions } = await webAuthn();
    return generateRegistrationOptions({
      rpName: this.host.rpId,
      rpID: this.host.rpId,
      userName: email,
      userID: new Uint8Array(userHandleOf(accountId)),
      challenge: new Uint8Array(this.challenges.issue({ purpose, accountId })),
      attestationType: 'none',
      excludeCredentials: known.map((id) => ({ id })),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
  }

  /** For any account: the authenticator knows which. */
  async requestOptions(): Promise<PublicKeyCredentialRequestOptionsJSON> {
    const { generateAuthenticationOptions } = await webAuthn();
    return generateAuthenticationOptions({
      rpID: this.host.rpId,
      challenge: new Uint8Array(this.challenges.issue(SIGN_IN)),
      userVerification: 'required',
    });
  }

  /** Uses the challenge up. Throws AppError `invalid_request`. @param response as the browser made it */
  async verifyNew(response: unknown, asked: ChallengePurpose): Promise<NewCredential> {
    const signed = this.#signedFor(asked);
    const { verifyRegistrationResponse } = await webAuthn();
    const verified = await verifyRegistrationResponse({
      response: response as RegistrationResponseJSON,
      expectedChallenge: signed.isExpected,
      expectedOrigin: this.host.origin,
      expectedRPID: this.host.rpId,
      requireUserVerification: true,
    }).catch(refuse);
    if (!verified.verified || !(await signed.take())) throw passkeyRefused();
    const { id, publicKey, counter, transports = [] } = verified.registrationInfo.credential;
    return {
      credentialId: Buffer.from(id, 'base64url'),
      publicKey: Buffer.from(publicKey),
      counter,
      transports: transports.filter((each) => typeof each === 'string').slice(0, 10),
    };
  }

  /** Uses the challenge up. Returns the new counter. Throws AppError `invalid_request`. */
  async verifySignIn(response: unknown, stored: StoredCredential): Promise<number> {
    const signed = this.#signedFor(SIGN_IN);
    const { verifyAuthenticationResponse } = await webAuthn();
    const verified = await verifyAuthenticationResponse({
      response: response as AuthenticationResponseJSON,
      expectedChallenge: signed.isExpected,
      expectedOrigin: this.host.origin,
      expectedRPID: this.host.rpId,
      requireUserVerification: true,
      credential: {
        id: stored.credentialId.toString('base64url'),
        publicKey: new Uint8Array(stored.publicKey),
        counter: stored.counter,
      },
    }).catch(refuse);
    if (!verified.verified || !(await signed.take())) throw passkeyRefused();
    return verified.authenticationInfo.newCounter;
  }

  /** The challenge in an answer. It is used up only once the signature was right: others store nothing. */
  #signedFor(asked: ChallengePurpose) {
    let found: string | null = null;
    return {
      isExpected: (challenge: string): boolean => {
        if (this.challenges.isOurs(challenge, asked)) found = challenge;
        return found !== null;
      },
      take: async (): Promise<boolean> =>
        found !== null && (await this.challenges.take(found, asked)),
    };
  }
}

/** The bytes of the account's id: it says nothing about the person. */
function userHandleOf(accountId: AccountId): Buffer {
  return Buffer.from(accountId.replaceAll(UUID_DASHES, ''), 'hex');
}

/** The library throws plain errors for all that a client can send. Ours, such as an outage, are passed on. */
function refuse(error: unknown): never {
  if (error instanceof AppError || isDatabaseError(error)) throw error;
  throw passkeyRefused(error);
}

function isDatabaseError(error: unknown): boolean {
  return error instanceof QueryFailedError || isConnectionFailure(error);
}

export function passkeyRefused(cause?: unknown): AppError {
  return new AppError('invalid_request', 'This passkey was not accepted. Try again.', {
    reason: 'PASSKEY_REFUSED',
    ...(cause === undefined ? {} : { cause }),
  });
}
