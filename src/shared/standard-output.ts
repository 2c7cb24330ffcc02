import { fstatSync, writeFileSync } from 'node:fs';

/** The part of a Writable that takes log lines. */
export interface Output {
  /** What waits to be taken, in bytes. */
  readonly writableLength: number;
  write(bytes: Buffer, done: (error?: Error | null) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

const STDOUT = 1;

/**
 * The standard output. Into a file every chunk is written as a whole, or is an error: Node's own stream does not notice
 * that a full disk has taken only a part.
 */
export function standardOutput(): Output {
  return fstatSync(STDOUT).isFile() ? STDOUT_FILE : process.stdout;
}

const STDOUT_FILE: Output = {
  writableLength: 0,
  write(bytes, done) {
    try {
      writeFileSync(STDOUT, bytes);
    } catch (error) {
      return done(error as Error);
    }
    done();
  },
  on: () => undefined,
};
