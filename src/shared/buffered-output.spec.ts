import { Writable } from 'node:stream';
import { jest } from '@jest/globals';
import { BufferedOutput } from './buffered-output.js';
import type { Output } from './standard-output.js';

function sink(): { stream: Writable; chunks: Buffer[] } {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  return { stream, chunks };
}

describe(BufferedOutput.name, () => {
  it('writes every line, in order, in few chunks', () => {
    const { stream, chunks } = sink();
    const output = new BufferedOutput(stream);
    const lines = Array.from({ length: 5000 }, (_, index) => `line ${index} — ünï\n`);
    for (const line of lines) output.write(line);
    output.flush();
    expect(Buffer.concat(chunks).toString()).toBe(lines.join(''));
    expect(chunks.length).toBeLessThan(10);
  });

  it('writes a line that is larger than the buffer', () => {
    const { stream, chunks } = sink();
    const output = new BufferedOutput(stream);
    output.write('before\n');
    output.write('x'.repeat(200_000));
    output.write('\nafter\n');
    output.flush();
    expect(Buffer.concat(chunks).toString()).toBe(`before\n${'x'.repeat(200_000)}\nafter\n`);
  });

  it('writes a line soon, and has no timer while there is none', () => {
    jest.useFakeTimers();
    try {
      const { stream, chunks } = sink();
      const output = new BufferedOutput(stream);
      expect(jest.getTimerCount()).toBe(0);
      for (const line of ['one\n', 'two\n']) {
        output.write(line);
        jest.runAllTimers();
      }
      expect(chunks.map(String)).toEqual(['one\n', 'two\n']);
      expect(jest.getTimerCount()).toBe(0);
    } finally {
      jest.useRealTimers();
    }
  });

  it('writes whole lines, as many as a pipe takes in one piece, where others write too', () => {
    const { stream, chunks } = sink();
    const output = new BufferedOutput(stream, { isShared: true });
    const lines = [3000, 1095, 1, 4095, 5000, 10, 9000, 9000].map((length) => 'x'.repeat(length));
    for (const line of lines) output.write(`${line}\n`);
    output.flush();
    expect(Buffer.concat(chunks).toString()).toBe(lines.map((line) => `${line}\n`).join(''));
    expect(chunks.map(({ length }) => length)).toEqual([3001, 1098, 4096, 5001, 11, 9001, 9001]);
  });

  it('ignores an error of the output', () => {
    const { stream } = sink();
    const output = new BufferedOutput(stream);
    stream.emit('error', new Error('EPIPE'));
    expect(() => output.write('line\n')).not.toThrow();
  });

  it('keeps bounded memory for a reader that stands still, and says how many lines it lost', () => {
    const waiting: { bytes: Buffer; done: () => void }[] = [];
    const stream = new Writable({
      write(bytes: Buffer, _encoding, done) {
        waiting.push({ bytes, done });
      },
    });
    const output = new BufferedOutput(stream);
    const line = `${'x'.repeat(999)}\n`;
    for (let count = 0; count < 50_000; count += 1) output.write(line);
    output.flush();
    expect(stream.writableLength).toBeLessThan(5 * 1024 * 1024);

    const read: Buffer[] = [];
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      read.push(next.bytes);
      next.done();
    }
    output.write('after\n');
    output.flush();
    const kept = Buffer.concat(read).toString().split('\n').length - 1;
    const [notice = '', after] = waiting[0]?.bytes.toString().split('\n') ?? [];
    expect(JSON.parse(notice)).toMatchObject({ level: 'warn', lines: 50_000 - kept });
    expect(after).toBe('after');
  });

  it('goes on after a full disk, on a line of its own', () => {
    const read: string[] = [];
    let isFull = true;
    const file: Output = {
      writableLength: 0,
      on: () => undefined,
      write(bytes, done) {
        // A full disk may take a part.
        read.push(bytes.toString().slice(0, isFull ? 3 : undefined));
        done(isFull ? new Error('ENOSPC') : null);
      },
    };
    const output = new BufferedOutput(file);
    for (const lines of ['one\ntwo\n', 'three\n']) {
      output.write(lines);
      output.flush();
    }
    isFull = false;
    read.length = 1;
    output.write('four\n');
    output.flush();
    const [torn, notice = '', last] = read.join('').split('\n');
    expect(torn).toBe('one');
    expect(JSON.parse(notice)).toMatchObject({ level: 'warn', lines: 3 });
    expect(last).toBe('four');
  });
});
