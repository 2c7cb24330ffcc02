import type { AcmeClient } from './acme-client.js';
import type { AcmeAuthorization, AcmeChallenge, AcmeOrder } from './acme-objects.js';
import { localProblem, problemFromObject, type AcmeProblem } from './acme-problem.js';
import { poll } from './polling.js';

/** Those that we can answer. They are also the validation methods of CAA records (RFC 8657 section 4). */
export const CHALLENGE_TYPES = ['http-01', 'tls-alpn-01', 'dns-01'] as const;
export type ChallengeType = (typeof CHALLENGE_TYPES)[number];

export interface PublishedChallenge {
  readonly type: ChallengeType;
  readonly token: string;
  readonly keyAuthorization: string;
}

export interface ChallengePlan {
  /** Those that can succeed, the best first. No other is started: it would fail, and CAs count failures. */
  readonly challengeTypes: readonly ChallengeType[];
  /** Resolves when every replica can answer, since the CA validates right afterwards. Repeated after a crash. */
  readonly publishChallenge: (challenge: PublishedChallenge) => Promise<void>;
  /** Milliseconds for which one step may poll. */
  readonly budget?: number;
  readonly signal?: AbortSignal;
}

export type AuthorizationOutcome =
  | { readonly kind: 'valid' }
  | { readonly kind: 'waiting'; readonly retryAfterSeconds: number }
  /** The authorization expired before it was validated. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'failed'; readonly problem: AcmeProblem };

type Plan = ChallengePlan & { readonly budget: number };
type Usable = AcmeChallenge & { readonly type: ChallengeType };

const WAIT_SECONDS = 2;

/** Completes the authorizations of a pending order. One that is valid already needs no challenge. */
export async function authorize(
  client: AcmeClient,
  order: AcmeOrder,
  plan: Plan,
): Promise<AuthorizationOutcome> {
  for (const authorization of await client.authorizations(order)) {
    const outcome = await prove(client, authorization, plan);
    if (outcome.kind !== 'valid') return outcome;
  }
  return { kind: 'valid' };
}

/** Why an order is invalid: the problem of the order, else of a challenge. Null: it expired. */
export async function orderFailure(
  client: AcmeClient,
  order: AcmeOrder,
): Promise<AcmeProblem | null> {
  const problem = problemFromObject(order.error);
  if (problem !== null) return problem;
  const authorizations = await client.authorizations(order);
  const failed = authorizations.find(({ status }) => status === 'invalid');
  return failed === undefined ? null : challengeFailure(failed);
}

async function prove(
  client: AcmeClient,
  authorization: AcmeAuthorization,
  plan: Plan,
): Promise<AuthorizationOutcome> {
  if (authorization.status === 'pending') await answer(client, authorization, plan);
  const { value: seen, retryAfterSeconds } = await poll(
    () => client.getAuthorization(authorization.url),
    ({ status }) => status !== 'pending',
    plan,
  );
  if (seen.status === 'valid') return { kind: 'valid' };
  if (seen.status === 'pending') {
    return { kind: 'waiting', retryAfterSeconds: retryAfterSeconds ?? WAIT_SECONDS };
  }
  const problem = challengeFailure(seen);
  return problem === null ? { kind: 'gone' } : { kind: 'failed', problem };
}

async function answer(
  client: AcmeClient,
  { challenges }: AcmeAuthorization,
  { challengeTypes, publishChallenge }: Plan,
): Promise<void> {
  const usable = challenges.filter((challenge) => isUsable(challenge));
  const [best] = challengeTypes.flatMap((wanted) => usable.filter(({ type }) => type === wanted));
  // A crash may have left one in processing: the CA validates that one only.
  const chosen = usable.find(({ status }) => status === 'processing') ?? best;
  if (chosen === undefined) {
    throw localProblem('no_challenge', `the CA offers no ${challengeTypes.join(' or ')}`);
  }
  const { type, token, url, status } = chosen;
  const keyAuthorization = await client.keyAuthorization(token);
  await publishChallenge({ type, token, keyAuthorization });
  if (status === 'pending') await client.startChallenge(url);
}

function isUsable(challenge: AcmeChallenge): challenge is Usable {
  return CHALLENGE_TYPES.some((type) => type === challenge.type);
}

function challengeFailure({ challenges }: AcmeAuthorization): AcmeProblem | null {
  for (const { error } of challenges) {
    const problem = problemFromObject(error);
    if (problem !== null) return problem;
  }
  return null;
}
