import { Injectable } from '@nestjs/common';
import { ChangeFeed } from '../database/change-feed.js';
import type { Hostname } from '../shared/hostname.js';

/** Tells who watches a name when its set-up may have moved, whichever process moved it. */
@Injectable()
export class ProgressWatch {
  readonly #watchers = new Map<Hostname, Set<() => void>>();

  constructor(feed: ChangeFeed) {
    feed.onProgress((hostname) => this.#tell(hostname));
  }

  /** Returns the function that ends it. */
  watch(hostname: Hostname, onMove: () => void): () => void {
    const watchers = this.#watchers.get(hostname) ?? new Set();
    this.#watchers.set(hostname, watchers.add(onMove));
    return () => {
      watchers.delete(onMove);
      if (watchers.size === 0 && this.#watchers.get(hostname) === watchers)
        this.#watchers.delete(hostname);
    };
  }

  /** How many names are watched. */
  get size(): number {
    return this.#watchers.size;
  }

  #tell(hostname: Hostname | null): void {
    const watched =
      hostname === null ? [...this.#watchers.values()] : [this.#watchers.get(hostname) ?? []];
    for (const onMove of watched.flatMap((watchers) => [...watchers])) onMove();
  }
}
