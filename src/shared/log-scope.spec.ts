import { LogLines } from '../../test/support/log-lines.js';
import { loggerFor, scopedLogger, withLogger } from './log-scope.js';

describe(loggerFor.name, () => {
  const lines = new LogLines();
  const cell = (region: string) => lines.logger.child({ region });

  it('gives an object the logger of the cell in which it was made, whoever calls it', () => {
    const make = () => loggerFor('Room');
    const us = withLogger(cell('us'), make);
    const eu = withLogger(cell('eu'), make);
    us.warn({ hostname: 'a.example' }, 'outside');
    withLogger(cell('eu'), () => us.warn('in the other cell'));
    withLogger(cell('us'), () => eu.warn('in the other cell'));
    expect(lines.all).toEqual([
      { level: 'warn', region: 'us', context: 'Room', hostname: 'a.example', msg: 'outside' },
      { level: 'warn', region: 'us', context: 'Room', msg: 'in the other cell' },
      { level: 'warn', region: 'eu', context: 'Room', msg: 'in the other cell' },
    ]);
  });

  it('holds for two cells that start at the same time', async () => {
    const starts = ['us', 'eu'].map((region) =>
      withLogger(cell(region), async () => {
        await new Promise(setImmediate);
        return scopedLogger()?.bindings()['region'] as unknown;
      }),
    );
    await expect(Promise.all(starts)).resolves.toEqual(['us', 'eu']);
    expect(scopedLogger()).toBeNull();
  });
});
