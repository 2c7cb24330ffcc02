import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server';

/** What the browser and the authenticator of a test say otherwise than they should. */
export interface Lies {
  readonly origin?: string;
  readonly rpId?: string;
  readonly challenge?: string;
  readonly type?: string;
  readonly isVerified?: boolean;
  readonly counter?: number;
  /** Signs with another key. */
  readonly isForged?: boolean;
}

/** A browser with an authenticator that has one passkey (WebAuthn level 3): ES256, no attestation. */
export class SoftwareAuthenticator {
  readonly id = randomBytes(32);
  readonly #pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  /** Synced passkeys stay at 0. */
  #counter: number;

  constructor(
    private readonly origin: string,
    private readonly isSynced = false,
  ) {
    this.#counter = isSynced ? 0 : 1;
  }

  /** `credential.toJSON()` of `navigator.credentials.create()` */
  create(options: PublicKeyCredentialCreationOptionsJSON, lies: Lies = {}) {
    const clientData = this.#clientData('webauthn.create', options.challenge, lies);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(this.id.length);
    const attested = Buffer.concat([Buffer.alloc(16), length, this.id, this.#coseKey()]);
    const authData = Buffer.concat([this.#authData(options.rp.id ?? '', 0x40, lies), attested]);
    const attestationObject = cborMap([
      [cborText('fmt'), cborText('none')],
      [cborText('attStmt'), cborMap([])],
      [cborText('authData'), cborBytes(authData)],
    ]);
    return this.#credential({
      clientDataJSON: clientData.toString('base64url'),
      attestationObject: attestationObject.toString('base64url'),
      transports: ['internal'],
    });
  }

  /** `credential.toJSON()` of `navigator.credentials.get()` */
  get(options: PublicKeyCredentialRequestOptionsJSON, lies: Lies = {}) {
    if (!this.isSynced) this.#counter += 1;
    const clientData = this.#clientData('webauthn.get', options.challenge, lies);
    const authData = this.#authData(options.rpId ?? '', 0, lies);
    const hash = createHash('sha256').update(clientData).digest();
    const other = (): KeyObject => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const key = lies.isForged === true ? other() : this.#pair.privateKey;
    return this.#credential({
      clientDataJSON: clientData.toString('base64url'),
      authenticatorData: authData.toString('base64url'),
      signature: sign('sha256', Buffer.concat([authData, hash]), key).toString('base64url'),
    });
  }

  #credential<Response extends object>(response: Response) {
    const id = this.id.toString('base64url');
    return { id, rawId: id, type: 'public-key', clientExtensionResults: {}, response };
  }

  #clientData(type: string, challenge: string, lies: Lies): Buffer {
    const data = { type, challenge, origin: this.origin, crossOrigin: false };
    const { origin = data.origin } = lies;
    return Buffer.from(
      JSON.stringify({
        ...data,
        origin,
        type: lies.type ?? type,
        challenge: lies.challenge ?? challenge,
      }),
    );
  }

  #authData(rpId: string, flags: number, lies: Lies): Buffer {
    const hash = createHash('sha256')
      .update(lies.rpId ?? rpId)
      .digest();
    const [present, verified] = [0x01, lies.isVerified === false ? 0 : 0x04];
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(lies.counter ?? this.#counter);
    return Buffer.concat([hash, Buffer.from([flags | present | verified]), counter]);
  }

  #coseKey(): Buffer {
    const { x = '', y = '' } = this.#pair.publicKey.export({ format: 'jwk' });
    return cborMap([
      [cborInt(1), cborInt(2)],
      [cborInt(3), cborInt(-7)],
      [cborInt(-1), cborInt(1)],
      [cborInt(-2), cborBytes(Buffer.from(x, 'base64url'))],
      [cborInt(-3), cborBytes(Buffer.from(y, 'base64url'))],
    ]);
  }
}

// CBOR (RFC 8949), as much as is needed: lengths below 65,536.
function cborHead(major: number, value: number): Buffer {
  if (value < 24) return Buffer.from([(major << 5) | value]);
  if (value < 256) return Buffer.from([(major << 5) | 24, value]);
  return Buffer.from([(major << 5) | 25, value >> 8, value & 0xff]);
}

const cborInt = (value: number): Buffer =>
  value < 0 ? cborHead(1, -1 - value) : cborHead(0, value);

const cborBytes = (bytes: Buffer): Buffer => Buffer.concat([cborHead(2, bytes.length), bytes]);

const cborText = (text: string): Buffer =>
  Buffer.concat([cborHead(3, Buffer.byteLength(text)), Buffer.from(text)]);

const cborMap = (entries: readonly (readonly [Buffer, Buffer])[]): Buffer =>
  Buffer.concat([cborHead(5, entries.length), ...entries.flat()]);
