import { hash, hkdfSync } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Network } from '../../shared/network.js';
import { BOX_KEY_BYTES, openBox, sealBox } from '../../shared/sealed-box.js';

const ENTRIES_MAX = 20_000;
const BYTES_MAX = 32 * 1024 * 1024;
/** As what a small one counts, so that there are at most ENTRIES_MAX. */
const ENTRY_BYTES_MIN = Math.ceil(BYTES_MAX / ENTRIES_MAX);
/** The largest page: a message of the longest plan, all of it escaped. */
const ENTRY_BYTES_MAX = 1024 * 1024;
/** One network cannot push the texts of all others out. */
const NETWORK_BYTES_MAX = BYTES_MAX / 8;
const NO_SALT = Buffer.alloc(0);

interface Kept {
  readonly box: Buffer;
  readonly network: Network;
}

/**
 * Texts in the memory of this process for a fixed time, each sealed under a key that only its own secret gives. The
 * memory holds no secret, so it opens nothing by itself. Bounded in number and bytes; what is dropped is overwritten.
 */
export class SealedMemory {
  readonly #bytesOf = new Map<Network, number>();
  readonly #kept: LRUCache<string, Kept>;

  constructor(ttl: number) {
    this.#kept = new LRUCache({
      // Without `max`, as in boundedCache().
      maxSize: BYTES_MAX,
      maxEntrySize: ENTRY_BYTES_MAX,
      sizeCalculation: ({ box }) => Math.max(box.length, ENTRY_BYTES_MIN),
      ttl,
      ttlAutopurge: true,
      perf: { now: () => performance.now() },
      dispose: (kept) => this.#erase(kept),
    });
  }

  /** Keeps nothing when the text, or the network's share, is too large. */
  keep(secret: string, text: string, network: Network): void {
    const { id, key } = namesOf(secret);
    const box = sealBox(key, text, id);
    const bytes = (this.#bytesOf.get(network) ?? 0) + box.length;
    if (box.length > ENTRY_BYTES_MAX || bytes > NETWORK_BYTES_MAX) return;
    this.#bytesOf.set(network, bytes);
    this.#kept.set(id.toString('base64'), { box, network });
  }

  recall(secret: string): string | null {
    const { id, key } = namesOf(secret);
    const kept = this.#kept.get(id.toString('base64'));
    return kept === undefined ? null : openBox(key, kept.box, id);
  }

  get size(): number {
    return this.#kept.size;
  }

  clear(): void {
    this.#kept.clear();
  }

  #erase({ box, network }: Kept): void {
    const bytes = (this.#bytesOf.get(network) ?? 0) - box.length;
    if (bytes > 0) this.#bytesOf.set(network, bytes);
    else this.#bytesOf.delete(network);
    box.fill(0);
  }
}

/** The name under which a text is found, and the key that opens it. Neither gives the other, or the secret. */
function namesOf(secret: string): { readonly id: Buffer; readonly key: Buffer } {
  const key = hkdfSync('sha256', secret, NO_SALT, 'onetime kept text', BOX_KEY_BYTES);
  return { id: hash('sha256', `onetime kept name\0${secret}`, 'buffer'), key: Buffer.from(key) };
}
