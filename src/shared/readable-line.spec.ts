import { stripVTControlCharacters } from 'node:util';
import { createLogger } from './logger.js';

function readable(log: (logger: ReturnType<typeof createLogger>) => void): string {
  let text = '';
  const destination = { write: (line: string) => (text += line) };
  log(createLogger({ destination, isReadable: true }).child({ region: 'eu', context: 'Room' }));
  return stripVTControlCharacters(text);
}

describe('a line for a terminal', () => {
  it('has time, level, region, logger, message and fields', () => {
    const text = readable((logger) =>
      logger.warn({ hostname: 'a.example', count: 2 }, 'it failed'),
    );
    expect(text).toMatch(
      /^\d\d:\d\d:\d\d\.\d{3} WARN {2}eu Room it failed hostname=a\.example count=2\n$/,
    );
  });

  it('has the error and its causes below', () => {
    const cause = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
    const err = new Error('no connection', { cause });
    const lines = readable((logger) => logger.error({ err }, 'it failed')).split('\n');
    expect(lines[0]).toMatch(/ERROR eu Room it failed$/);
    expect(lines[1]).toBe('  Error: no connection');
    expect(lines[2]).toMatch(/^ {4}at /);
    expect(lines).toContain('    Error: ECONNREFUSED: refused');
  });

  it('escapes what could move the cursor, in fields, messages and errors', () => {
    const evil = 'a\u001b[2Jb\nc';
    const text = readable((logger) =>
      logger.warn({ hostname: evil, err: new Error(evil) }, `message ${evil}`),
    );
    expect(text).not.toContain('\u001b');
    expect(text.split('\n').filter((line) => line.startsWith('c'))).toEqual([]);
  });
});

describe('the level', () => {
  it('leaves out the lines below it', () => {
    let text = '';
    const destination = { write: (line: string) => (text += line) };
    const logger = createLogger({ destination, level: 'warn' });
    logger.info('not this');
    logger.warn('this');
    expect(text).toMatch(/^\{"level":"warn".*"msg":"this"\}\n$/);
  });
});
