import {
  CERTIFICATE_STATES,
  isServing,
  nextState,
  requireNextState,
  type CertificateTransition,
} from './certificate-state.js';

const through = (...transitions: CertificateTransition[]) =>
  transitions.reduce(
    (state, transition) => requireNextState(state, transition),
    'none' as (typeof CERTIFICATE_STATES)[number],
  );

describe('the certificate axis', () => {
  it.each([
    [['wanted'], 'queued'],
    [['wanted', 'blocked'], 'blocked'],
    [['wanted', 'blocked', 'started'], 'validating'],
    [['wanted', 'started', 'validated'], 'issuing'],
    // A crash in between: what was begun is begun again, and nothing goes back.
    [['wanted', 'started', 'validated', 'started'], 'issuing'],
    [['wanted', 'started', 'failed'], 'queued'],
    [['wanted', 'started', 'validated', 'promoted'], 'active'],
    [['wanted', 'promoted', 'started', 'validated'], 'renewing'],
    [['wanted', 'promoted', 'started', 'failed'], 'degraded'],
    [['wanted', 'promoted', 'blocked'], 'degraded'],
    [['wanted', 'promoted', 'blocked', 'started', 'promoted'], 'active'],
    [['wanted', 'promoted', 'expired', 'started', 'failed'], 'expired'],
    [['wanted', 'promoted', 'expired', 'promoted'], 'active'],
    [['wanted', 'promoted', 'removed'], 'none'],
    [['wanted', 'promoted', 'removed', 'revoked'], 'revoked'],
    [['wanted', 'promoted', 'removed', 'revoked', 'wanted'], 'queued'],
  ] as const)('%j leads to %s', (transitions, state) => {
    expect(through(...transitions)).toBe(state);
  });

  it.each(CERTIFICATE_STATES)(
    'is never lost from %s by wanting it again, and always can be ended',
    (state) => {
      if (state !== 'none' && state !== 'revoked') expect(nextState(state, 'wanted')).toBe(state);
      expect(nextState(state, 'removed')).toBe('none');
      expect(nextState(state, 'promoted')).toBe('active');
    },
  );

  it.each(CERTIFICATE_STATES)('never takes a failure for the end of what serves: %s', (state) => {
    for (const transition of ['blocked', 'failed'] as const) {
      const next = nextState(state, transition);
      expect(next !== null && isServing(next)).toBe(isServing(state));
    }
  });

  it('refuses what cannot be', () => {
    expect(() => requireNextState('none', 'started')).toThrow('none');
    expect(nextState('queued', 'validated')).toBeNull();
    expect(nextState('queued', 'expired')).toBeNull();
  });
});
