import { Writable } from 'node:stream';
import { jest } from '@jest/globals';
import { createLogger } from './logger.js';

function logged(error: Error): string {
  let text = '';
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  createLogger({ destination: sink }).error({ err: error }, 'it failed');
  return text;
}

function parseFailure(text: string): Error {
  try {
    JSON.parse(text);
  } catch (error) {
    return error as Error;
  }
  throw new Error('it parsed');
}

describe(createLogger.name, () => {
  it('writes the message of an error and where it was thrown', () => {
    const line = JSON.parse(logged(new Error('the disk is full'))) as Record<string, unknown>;
    expect(line).toMatchObject({
      level: 'error',
      msg: 'it failed',
      err: { message: 'the disk is full' },
    });
    expect(JSON.stringify(line)).toContain('logger.spec');
  });

  it('writes the time of each line, to the millisecond', () => {
    const lines: string[] = [];
    const logger = createLogger({ destination: { write: (line) => lines.push(line) } });
    jest.useFakeTimers();
    try {
      const times = [
        '2026-11-27T09:59:59.999Z',
        '2026-11-27T10:00:00.000Z',
        '2026-11-27T10:00:00.007Z',
      ];
      for (const time of times) {
        jest.setSystemTime(new Date(time));
        logger.info('x');
      }
      expect(lines.map((line) => (JSON.parse(line) as { time: string }).time)).toEqual(times);
    } finally {
      jest.useRealTimers();
    }
  });

  it('leaves out the input that a parser quotes', () => {
    const error = parseFailure('hunter2-canary');
    expect(error.message).toContain('hunter2');
    expect(logged(error)).not.toContain('hunter2');
    expect(logged(new Error('outer', { cause: error }))).not.toContain('hunter2');
  });

  it('does not take a line of the message for a frame', () => {
    const error = Object.assign(new Error('first\n    at canary'), { severity: 'ERROR' });
    expect(logged(error)).not.toContain('canary');
  });

  it('leaves out the row and the parameters of a database error', () => {
    const error = Object.assign(new Error('Key (email)=(canary@example.com) exists'), {
      severity: 'ERROR',
      code: '23505',
      constraint: 'accounts_email_key',
      detail: 'canary',
      parameters: ['canary'],
      query: 'insert canary',
    });
    expect(logged(error)).not.toContain('canary');
    expect(logged(error)).toContain('accounts_email_key');
  });
});
