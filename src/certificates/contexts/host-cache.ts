import type { LRUCache } from 'lru-cache';
import { boundedCache } from '../../shared/bounded-cache.js';
import type { Hostname } from '../../shared/hostname.js';
import type { HostServer } from './host-server.js';

/** TLS in memory, least recently used first out. What leaves it, or is replaced, gives its memory back at once. */
export function hostCache<Kept extends { readonly context: HostServer }>(
  capacity: number,
): LRUCache<Hostname, Kept> {
  return boundedCache(capacity, { dispose: ({ context }) => context.retire() });
}
