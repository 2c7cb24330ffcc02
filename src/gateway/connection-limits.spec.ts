import { CONNECTION_LIMITS, connectionLimitsOf } from './connection-limits.js';
import { TLS_LIMITS } from './tls-listener-options.js';

describe('the limits of one of several processes', () => {
  it.each([1, 4, 8, 16, 64])(
    'let two whole HTTP/2 connections be used with %i of them',
    (count) => {
      const { streamsPerAddress, streamsPerNetwork, streamsMax } = connectionLimitsOf(count);
      expect(streamsPerAddress).toBeGreaterThanOrEqual(2 * TLS_LIMITS.concurrentStreams);
      expect(streamsPerNetwork).toBeGreaterThanOrEqual(streamsPerAddress);
      expect(streamsMax).toBeGreaterThanOrEqual(streamsPerNetwork);
    },
  );

  it('are parts of those of all', () => {
    expect(connectionLimitsOf(1)).toEqual(CONNECTION_LIMITS);
    expect(connectionLimitsOf(2)).toMatchObject({ perAddress: 128, streamsPerAddress: 128 });
  });
});
