import { randomBytes } from 'node:crypto';
import type { Server } from 'node:tls';
import type { HostTicketKey } from './ticket-keys.js';

/** Node's private way to decide about each ticket (`lib/internal/tls` and `crypto_context.cc`). */
interface NativeContext {
  onticketkeycallback?: (name: Buffer, iv: Buffer, isSealed: boolean) => readonly unknown[];
  enableTicketKeyCallback?: () => void;
}

const REFUSE = 0;
const SEAL = 1;
const OPEN_AND_RENEW = 2;
const IV_BYTES = 16;
/** Two tickets of a handshake need 32 bytes: asking the system for each would cost as much as the rest. */
const POOL_BYTES = 256 * IV_BYTES;
const NO_KEY = Buffer.alloc(16);

/**
 * Makes the server send a fresh ticket with each resumption, and open tickets of every key of `keys`. With public calls
 * alone a server has one key and sends no ticket when it resumes TLS 1.3: a client that uses each ticket once, as it
 * should, resumes every second time. False: this Node has no such call.
 * @param keys the first seals
 */
export function renewTickets(server: Server, keys: () => readonly HostTicketKey[]): boolean {
  const context = (server as { _sharedCreds?: { context?: NativeContext } })._sharedCreds?.context;
  if (typeof context?.enableTicketKeyCallback !== 'function') return false;
  context.onticketkeycallback = (name, _iv, isSealing) => {
    const usable = keys();
    const key = isSealing ? usable[0] : usable.find((each) => each.name.equals(name));
    if (key === undefined) return [REFUSE, NO_KEY, NO_KEY];
    if (!isSealing) return [OPEN_AND_RENEW, key.hmac, key.aes];
    return [SEAL, key.hmac, key.aes, key.name, nextIv()];
  };
  context.enableTicketKeyCallback();
  return true;
}

let pool = randomBytes(0);

function nextIv(): Buffer {
  if (pool.length === 0) pool = randomBytes(POOL_BYTES);
  const iv = pool.subarray(0, IV_BYTES);
  pool = pool.subarray(IV_BYTES);
  return iv;
}
