/** The least size of a buffer that collects chunks. */
const CAPACITY_MIN = 16 * 1024;

const EMPTY: Buffer = Buffer.alloc(0);

/**
 * Collects the chunks of a body in one buffer. A list of chunks would cost a hundred bytes for each, and a client chooses
 * their size: one byte, for example. A body of one chunk is not copied.
 */
export class BodyBuffer {
  #bytes = EMPTY;
  #length = 0;

  /** @param expected the size of the whole body if it is known, else the greatest that is allowed */
  constructor(private readonly expected: number) {}

  get length(): number {
    return this.#length;
  }

  /** How many more bytes of memory append() will take for so many bytes. */
  growthFor(bytes: number): number {
    return this.#capacityFor(bytes) - this.#bytes.length;
  }

  append(chunk: Buffer): void {
    const capacity = this.#capacityFor(chunk.length);
    if (this.#length === 0 && capacity === chunk.length) this.#bytes = chunk;
    else {
      if (capacity > this.#bytes.length) {
        const larger = Buffer.allocUnsafeSlow(capacity);
        this.#bytes.copy(larger, 0, 0, this.#length);
        this.#bytes = larger;
      }
      chunk.copy(this.#bytes, this.#length);
    }
    this.#length += chunk.length;
  }

  /** What has been collected, without a copy. */
  content(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #capacityFor(more: number): number {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return this.#bytes.length;
    // The first chunk stays as it is; most bodies have no second.
    if (this.#length === 0) return needed;
    const doubled = Math.max(CAPACITY_MIN, 2 * this.#bytes.length);
    return Math.max(needed, Math.min(doubled, this.expected));
  }
}
