import { Writable } from 'node:stream';
// Nest's own lines are written by its Logger.
// oxlint-disable-next-line no-restricted-imports
import { Logger } from '@nestjs/common';
import { createLogger } from '../shared/logger.js';
import { LogLines } from '../../test/support/log-lines.js';
import { NestLogger } from './nest-logger.js';

let lines: string[];
let logger: Logger;

beforeEach(() => {
  lines = [];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  Logger.overrideLogger(new NestLogger(createLogger({ destination: sink })));
  logger = new Logger('DomainChecks');
});

afterEach(() => Logger.overrideLogger(false));

function line(): Record<string, unknown> {
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0]!) as Record<string, unknown>;
}

describe(NestLogger.name, () => {
  it('writes a text with the name of its logger', () => {
    logger.warn('database unreachable');
    expect(line()).toMatchObject({
      level: 'warn',
      context: 'DomainChecks',
      msg: 'database unreachable',
    });
  });

  it.each(['warn', 'error'] as const)('writes the fields of %s({ … }, text)', (level) => {
    logger[level]({ hostname: 'a.example', err: new Error('timeout') }, 'domain check failed');
    expect(line()).toMatchObject({
      level,
      context: 'DomainChecks',
      hostname: 'a.example',
      err: { name: 'Error', message: 'timeout' },
      msg: 'domain check failed',
    });
  });

  it('writes an error after a text under err', () => {
    logger.error('unexpected error', new Error('timeout'));
    expect(line()).toMatchObject({ err: { message: 'timeout' }, msg: 'unexpected error' });
  });

  it('does not write a stack as text', () => {
    logger.error(new SyntaxError('canary'), 'SyntaxError: canary\n    at parse');
    expect(line()).toMatchObject({ context: 'DomainChecks', msg: 'log call without a message' });
    expect(lines[0]).not.toContain('canary');
  });

  it('writes to the cell in whose scope Nest logs, not to the one that started last', () => {
    const [us, eu] = [new LogLines(), new LogLines()];
    us.capture(() => logger.error('in us'));
    eu.capture(() => logger.error('in eu'));
    expect([us.all, eu.all]).toMatchObject([[{ msg: 'in us' }], [{ msg: 'in eu' }]]);
    expect(lines).toEqual([]);
  });

  it('writes fields without a text', () => {
    logger.warn({ hostname: 'a.example' });
    expect(line()).toMatchObject({ context: 'DomainChecks', hostname: 'a.example' });
  });
});
