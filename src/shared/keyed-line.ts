/** Runs the work of one key one after the other, in the order of the calls; the work of different keys is concurrent. */
export class KeyedLine {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Settles as `work` does. A failure does not keep the next in line from running. */
  async run<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.#last.get(key) ?? Promise.resolve();
    const result = before.then(work, work);
    this.#last.set(key, result);
    try {
      return await result;
    } finally {
      if (this.#last.get(key) === result) this.#last.delete(key);
    }
  }
}
