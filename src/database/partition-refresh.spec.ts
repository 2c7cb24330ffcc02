import { jest } from '@jest/globals';
import { MINUTE } from '../shared/durations.js';
import { PartitionRefresh } from './partition-refresh.js';
import type { Statements } from './statements.js';

describe(PartitionRefresh.name, () => {
  it('reads the list at the start and every minute, without any request', async () => {
    jest.useFakeTimers();
    let reads = 0;
    const statements = {
      refreshPartitions: () => {
        reads += 1;
        return Promise.resolve();
      },
    };
    const refresh = new PartitionRefresh(statements as Statements);
    try {
      await refresh.onModuleInit();
      expect(reads).toBe(1);
      await jest.advanceTimersByTimeAsync(10 * MINUTE);
      expect(reads).toBeGreaterThanOrEqual(10);
    } finally {
      await refresh.onModuleDestroy();
      jest.useRealTimers();
    }
  });
});
