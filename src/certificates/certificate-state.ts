/** The certificate axis of a name. `serving` is decided elsewhere; here it is only what issuance is at. */
export const CERTIFICATE_STATES = [
  'none',
  'blocked',
  'queued',
  'validating',
  'issuing',
  'active',
  'renewing',
  'degraded',
  'expired',
  'revoked',
] as const;
export type CertificateState = (typeof CERTIFICATE_STATES)[number];

/**
 * What happens to a name's certificate:
 * `wanted` it is to have one · `blocked` it may not have one now, no order was made · `started` an order is under way ·
 * `validated` the CA is convinced · `promoted` a new one serves · `failed` this attempt failed ·
 * `expired` · `removed` nobody wants it any more · `revoked` the CA was told.
 */
export type CertificateTransition =
  | 'wanted'
  | 'blocked'
  | 'started'
  | 'validated'
  | 'promoted'
  | 'failed'
  | 'expired'
  | 'removed'
  | 'revoked';

/** With a certificate that serves on, whatever happens beside it. */
const SERVING = new Set<CertificateState>(['active', 'renewing', 'degraded']);

export function isServing(state: CertificateState): boolean {
  return SERVING.has(state);
}

/** The state that follows. Null: that cannot happen in this state, which is a mistake of the caller. */
export function nextState(
  state: CertificateState,
  transition: CertificateTransition,
): CertificateState | null {
  switch (transition) {
    case 'wanted':
      return state === 'none' || state === 'revoked' ? 'queued' : state;
    case 'blocked':
    case 'failed':
      return isServing(state) ? 'degraded' : afterFailure(state, transition);
    case 'started':
      if (isServing(state)) return 'renewing';
      if (state === 'none' || state === 'revoked') return null;
      // What has expired stays expired until there is something new: nothing serves meanwhile.
      if (state === 'expired') return state;
      return state === 'issuing' ? 'issuing' : 'validating';
    case 'validated':
      if (state === 'renewing' || state === 'expired') return state;
      return state === 'validating' || state === 'issuing' ? 'issuing' : null;
    case 'promoted':
      return 'active';
    case 'expired':
      return isServing(state) ? 'expired' : null;
    case 'removed':
      return 'none';
    case 'revoked':
      return state === 'none' || state === 'revoked' ? 'revoked' : state;
  }
}

function afterFailure(
  state: CertificateState,
  transition: 'blocked' | 'failed',
): CertificateState | null {
  if (state === 'none' || state === 'revoked') return null;
  if (state === 'expired') return state;
  return transition === 'blocked' ? 'blocked' : 'queued';
}

/** nextState() where null would be our own mistake. @throws Error */
export function requireNextState(
  state: CertificateState,
  transition: CertificateTransition,
): CertificateState {
  const next = nextState(state, transition);
  if (next === null) throw new Error(`a certificate that is ${state} cannot be ${transition}`);
  return next;
}
