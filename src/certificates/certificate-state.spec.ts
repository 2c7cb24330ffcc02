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
    // After a crash the order starts again; the state does not go back.
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
    'keeps state %s when the name is wanted again, and can always be removed',
    (state) => {
      if (state !== 'none' && state !== 'revoked') expect(nextState(state, 'wanted')).toBe(state);
      expect(nextState(state, 'removed')).toBe('none');
      expect(nextState(state, 'promoted')).toBe('active');
    },
  );

  it.each(CERTIFICATE_STATES)('keeps serving in state %s after a failure', (state) => {
    for (const transition of ['blocked', 'failed'] as const) {
      const next = nextState(state, transition);
      expect(next !== null && isServing(next)).toBe(isServing(state));
    }
  });

  it('refuses a transition that cannot happen', () => {
    expect(() => requireNextState('none', 'started')).toThrow('none');
    expect(nextState('queued', 'validated')).toBeNull();
    expect(nextState('queued', 'expired')).toBeNull();
  });
});
