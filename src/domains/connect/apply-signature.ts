import { sign, verify, type KeyObject } from 'node:crypto';

// RSASSA-PKCS1-v1_5 with SHA-256, in base64 with its padding: RS256.
const ALGORITHM = 'sha256';

/** Signs in the thread pool. */
export function signQuery(query: string, key: KeyObject): Promise<string> {
  return new Promise((resolve, reject) => {
    sign(ALGORITHM, Buffer.from(query), key, (error, signature) => {
      if (error === null) resolve(signature.toString('base64'));
      else reject(error);
    });
  });
}

export function isSignatureOf(query: string, signature: string, key: KeyObject): boolean {
  return verify(ALGORITHM, Buffer.from(query), key, Buffer.from(signature, 'base64'));
}
