import { randomBytes } from 'node:crypto';
import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/server';
import { Secret, TOTP } from 'otpauth';
import { browserSession } from './browser-session.js';
import type { Answer } from './https-client.js';
import type { Preparations } from './operation-calls.js';
import { query } from './region-database.js';
import { SoftwareAuthenticator } from './software-authenticator.js';

/** An account of a gateway, as its browser and the database have it. */
export interface SignedInScene {
  readonly gateway: { readonly dataDir: string };
  readonly email: string;
  readonly origin: string;
  /** As a browser that is signed in. @param path below /api/account */
  readonly send: (method: string, path: string, body?: object) => Promise<Answer>;
}

/** What the operations of sessions, passwords, passkeys and second factors need beside their examples. */
export function signInPreparations(scene: SignedInScene): Preparations {
  const { send, origin } = scene;
  const withoutFactor = async (): Promise<void> => {
    await send('DELETE', '/second-factor');
  };
  const confirmation = async (): Promise<{ code: string }> => {
    const { record } = (await send('POST', '/second-factor')).json<{
      record: { secret: string };
    }>();
    return { code: new TOTP({ secret: Secret.fromBase32(record.secret) }).generate() };
  };
  const withFactor = async (): Promise<void> => {
    await withoutFactor();
    await send('POST', '/second-factor/confirm', await confirmation());
  };
  return {
    listSessions: { before: async () => void (await aSession(scene)) },
    listPasskeys: { before: () => aPasskey(scene) },
    removePassword: {
      before: async () => {
        await aPasskey(scene);
        await send('PUT', '/password', { password: 'a quiet harbour at dusk' });
      },
    },
    addPasskey: {
      body: async () => {
        const { record } = (await send('POST', '/passkeys/options')).json<{
          record: PublicKeyCredentialCreationOptionsJSON;
        }>();
        return { name: 'My phone', response: new SoftwareAuthenticator(origin).create(record) };
      },
    },
    beginSecondFactor: { before: withoutFactor },
    confirmSecondFactor: { before: withoutFactor, body: confirmation },
    renewRecoveryCodes: { before: withFactor },
    removeSecondFactor: { before: withFactor },
  };
}

export function aSession({
  gateway,
  email,
  origin,
}: Pick<SignedInScene, 'gateway' | 'email' | 'origin'>): Promise<Readonly<Record<string, string>>> {
  return browserSession(gateway, email, origin);
}

/** One passkey, whose authenticator nobody has. */
export async function aPasskey({
  gateway,
  email,
}: Pick<SignedInScene, 'gateway' | 'email'>): Promise<void> {
  await query(gateway, 'eu', {
    text: `with others as (
        delete from passkeys p using accounts a where a.id = p.account_id and a.email_key = lower($2)
      )
      insert into passkeys (account_id, credential_id, public_key, counter, transports, name)
      select id, $1, '', 0, '{}', 'My phone' from accounts where email_key = lower($2)`,
    values: [randomBytes(32), email],
  });
}
