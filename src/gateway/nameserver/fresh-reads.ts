interface Line<Value> {
  readonly current: Promise<Value>;
  next: Promise<Value> | null;
}

/**
 * One read at a time for each key. Whoever comes during a read waits for the next one, not for this: what was committed
 * before the question came is in its answer.
 */
export class FreshReads<Value> {
  readonly #lines = new Map<string, Line<Value>>();

  read(key: string, work: () => Promise<Value>): Promise<Value> {
    const line = this.#lines.get(key);
    if (line === undefined) return this.#begin(key, work);
    line.next ??= line.current.then(
      () => this.#begin(key, work),
      () => this.#begin(key, work),
    );
    return line.next;
  }

  #begin(key: string, work: () => Promise<Value>): Promise<Value> {
    const current = work();
    const line: Line<Value> = { current, next: null };
    this.#lines.set(key, line);
    const end = (): void => {
      if (line.next === null) this.#lines.delete(key);
    };
    current.then(end, end);
    return current;
  }
}
