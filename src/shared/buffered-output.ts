import type { Output } from './standard-output.js';

const BUFFER_BYTES = 64 * 1024;
const FLUSH_AFTER = 200;
// A UTF-16 unit takes at most three bytes of UTF-8.
const BYTES_PER_UNIT_MAX = 3;
/** What may wait for a reader of the output that does not read; more is lost. */
const WAITING_BYTES_MAX = 4 * 1024 * 1024;
/** A pipe takes so many bytes in one piece (PIPE_BUF): those of another process come before or behind them. */
const WHOLE_IN_A_PIPE = 4096;
const LINE_END = 0x0a;

interface OutputOptions {
  /**
   * Whether other processes write to the same output. Then pieces of whole lines are written, of at most 4 KiB, which a
   * pipe takes as one: lines of others come between them and not into them. It does not hold for a line that is longer
   * itself, nor while the reader lags, when Node joins the pieces that wait.
   */
  readonly isShared?: boolean;
}

/**
 * Buffers log lines and writes them 200 ms after the first one, or when the buffer of 64 KiB is full. A line costs a tenth
 * of a write of its own, and a fifth of a line in pino's own buffer. No timer runs while nothing is logged.
 *
 * An output that takes nothing (a full disk, a reader that stands still) costs lines, and neither memory nor time: they
 * are counted, and a line says so when it takes lines again.
 */
export class BufferedOutput {
  readonly #buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  #used = 0;
  #timer: NodeJS.Timeout | null = null;
  #lost = 0;
  /** The last write failed, perhaps in the middle of a line. */
  #isTorn = false;

  constructor(
    private readonly output: Output,
    private readonly options: OutputOptions = {},
  ) {
    // Without a listener, a closed pipe (EPIPE) would end the process.
    output.on('error', () => undefined);
  }

  write(line: string): void {
    if (this.#timer === null)
      this.#timer = setTimeout(() => this.#flushLate(), FLUSH_AFTER).unref();
    const bytesMax = line.length * BYTES_PER_UNIT_MAX;
    if (bytesMax > BUFFER_BYTES - this.#used) this.flush();
    if (bytesMax > BUFFER_BYTES) this.#send(Buffer.from(line));
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
    const lines = Buffer.from(this.#buffer.subarray(0, this.#used));
    this.#used = 0;
    if (this.options.isShared !== true) return this.#send(lines);
    for (const piece of wholePieces(lines)) this.#send(piece);
  }

  #send(lines: Buffer): void {
    if (this.output.writableLength > WAITING_BYTES_MAX) {
      this.#lost += countLines(lines);
      return;
    }
    const lostBefore = this.#lost;
    const bytes = lostBefore === 0 ? lines : Buffer.concat([this.#notice(), lines]);
    this.#lost = 0;
    this.output.write(bytes, (error) => {
      if (error === null || error === undefined) return;
      this.#isTorn = true;
      this.#lost += lostBefore + countLines(lines);
    });
  }

  /** What comes before the first lines after a loss. */
  #notice(): Buffer {
    const notice = {
      level: 'warn',
      time: new Date().toISOString(),
      lines: this.#lost,
      msg: 'log lines were lost, the output did not take them',
    };
    const start = this.#isTorn ? '\n' : '';
    this.#isTorn = false;
    return Buffer.from(`${start}${JSON.stringify(notice)}\n`);
  }
}

function countLines(bytes: Buffer): number {
  let count = 0;
  for (const byte of bytes) if (byte === LINE_END) count += 1;
  return count;
}

/** Pieces of whole lines, each as long as a pipe takes it; a line that is longer is a piece of its own. */
function* wholePieces(lines: Buffer): Generator<Buffer> {
  let from = 0;
  while (from < lines.length) {
    const limit = from + WHOLE_IN_A_PIPE;
    const lastEnd =
      limit >= lines.length ? lines.length - 1 : lines.lastIndexOf(LINE_END, limit - 1);
    const end = lastEnd < from ? lines.indexOf(LINE_END, limit) : lastEnd;
    const to = end === -1 ? lines.length : end + 1;
    yield lines.subarray(from, to);
    from = to;
  }
}
