/** Waiting items, taken in turn by key: each key gives its oldest item, then goes to the end. */
export class TurnQueue<Item> {
  /** In the order of their turns. No list is empty. */
  readonly #byKey = new Map<string, Item[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  countOf(key: string): number {
    return this.#byKey.get(key)?.length ?? 0;
  }

  push(key: string, item: Item): void {
    const items = this.#byKey.get(key);
    if (items === undefined) this.#byKey.set(key, [item]);
    else items.push(item);
    this.#size += 1;
  }

  /** Removes and returns the oldest item of the key whose turn it is. */
  shift(): Item | undefined {
    for (const [key, items] of this.#byKey) {
      const item = items.shift();
      this.#byKey.delete(key);
      if (items.length > 0) this.#byKey.set(key, items);
      this.#size -= 1;
      return item;
    }
    return undefined;
  }

  /** Removes and returns the newest item of the key with the most items, if that is more than `count`. */
  takeFromLongest(count: number): Item | undefined {
    let longest: string | null = null;
    let most = count;
    for (const [key, { length }] of this.#byKey) {
      if (length <= most) continue;
      longest = key;
      most = length;
    }
    const item = longest === null ? undefined : this.#byKey.get(longest)?.at(-1);
    if (longest !== null && item !== undefined) this.remove(longest, item);
    return item;
  }

  remove(key: string, item: Item): void {
    const items = this.#byKey.get(key);
    const index = items?.indexOf(item) ?? -1;
    if (items === undefined || index === -1) return;
    items.splice(index, 1);
    if (items.length === 0) this.#byKey.delete(key);
    this.#size -= 1;
  }
}
