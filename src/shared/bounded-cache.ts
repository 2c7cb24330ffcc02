import { LRUCache } from 'lru-cache';

type Options<Key extends {}, Value extends {}> = Pick<
  LRUCache.Options<Key, Value, unknown>,
  'ttl' | 'dispose'
>;

/**
 * Keeps the `max` entries that were used last, and takes memory only for what it keeps. LRUCache's own `max` fills arrays
 * of that length at once: a twentieth of a start.
 */
export function boundedCache<Key extends {}, Value extends {}>(
  max: number,
  options: Options<Key, Value> = {},
): LRUCache<Key, Value> {
  return new LRUCache({ ...options, maxSize: max, sizeCalculation: () => 1 });
}
