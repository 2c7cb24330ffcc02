import { Writable } from 'node:stream';
import { jest } from '@jest/globals';
import { BufferedOutput } from './buffered-output.js';

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

  it('ignores an error of the output', () => {
    const { stream } = sink();
    const output = new BufferedOutput(stream);
    stream.emit('error', new Error('EPIPE'));
    expect(() => output.write('line\n')).not.toThrow();
  });
});
