import { Registry } from 'prom-client';
import type { Region } from '../config/region.js';
import type { Cell } from '../region/cell.js';
import { unavailable } from '../shared/app-error.js';
import { createLogger } from '../shared/logger.js';
import { EdgeJournal } from './edge-journal.js';
import { ProcessAnswers } from './process-answers.js';

const EU = 'eu' as Region;

describe(ProcessAnswers.name, () => {
  const lines: string[] = [];
  beforeEach(() => lines.splice(0));

  const answersWith = (missing: () => Promise<never>): ProcessAnswers => {
    const cell = {
      region: EU,
      databaseState: () => 'writable',
      hostsWithoutCertificate: missing,
    } as unknown as Cell;
    const logger = createLogger({ destination: { write: (line) => void lines.push(line) } });
    const sources = {
      served: [EU],
      isStarted: () => true,
      cells: () => [cell],
      metrics: [],
      isOwn: () => false,
      startOf: () => 'starting' as const,
    };
    return new ProcessAnswers(sources, new EdgeJournal(logger, new Registry()));
  };

  it.each([
    ['has ended the session', Object.assign(new Error('terminated'), { code: '57P01' })],
    ['has lost the connection', new Error('Connection terminated unexpectedly')],
    ['is away for the statements', unavailable(new Error('gone'))],
  ])('is no fault of the gateway when the database %s', async (_, error) => {
    expect(await answersWith(() => Promise.reject(error)).readiness()).toMatchObject({
      isReady: true,
    });
    expect(lines).toEqual([]);
  });

  it('waits for no database that is slow', async () => {
    const never = answersWith(() => new Promise<never>(() => undefined));
    expect(await never.readiness()).toMatchObject({ isReady: true });
    expect(lines).toEqual([]);
  });

  it('reports any other failure', async () => {
    const wrong = answersWith(() => Promise.reject(new TypeError('wrong')));
    expect(await wrong.readiness()).toMatchObject({ isReady: true });
    expect(lines).toEqual([expect.stringContaining('"event":"readyz"')]);
  });
});
