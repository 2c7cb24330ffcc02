/** The certificate axis of a name: where its issuance is. Whether the name serves is decided elsewhere. */
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
 * `wanted` the name needs one · `blocked` none may be ordered now · `started` an order is in progress ·
 * `validated` the CA has validated the name · `promoted` a new one is current · `failed` the attempt failed ·
 * `expired` · `removed` the name's claim is gone · `revoked` the CA has revoked it.
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

/** States with a current certificate that has not expired. */
const SERVING = new Set<CertificateState>(['active', 'renewing', 'degraded']);

export function isServing(state: CertificateState): boolean {
  return SERVING.has(state);
}

/** The next state. Null: the transition cannot happen in this state, which is a bug of the caller. */
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
      // Stays expired until a new certificate is promoted: none serves.
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

/** nextState() that throws instead of returning null. @throws Error */
export function requireNextState(
  state: CertificateState,
  transition: CertificateTransition,
): CertificateState {
  const next = nextState(state, transition);
  if (next === null) throw new Error(`a certificate that is ${state} cannot be ${transition}`);
  return next;
}
