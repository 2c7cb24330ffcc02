import type { AcmeClient } from './acme-client.js';
import {
  PERSIST_TYPE,
  type AcmeAuthorization,
  type AcmeChallenge,
  type AcmeOrder,
  type PersistChallenge,
} from './acme-objects.js';
import { localProblem, problemFromObject, type AcmeProblem } from './acme-problem.js';
import { poll } from './polling.js';

/** Those that we can answer by a token. */
export const CHALLENGE_TYPES = ['http-01', 'tls-alpn-01', 'dns-01'] as const;
export type AnsweredType = (typeof CHALLENGE_TYPES)[number];
/** They are also the validation methods of CAA records (RFC 8657 section 4). */
export type ChallengeType = AnsweredType | typeof PERSIST_TYPE;

export interface PublishedChallenge {
  readonly type: AnsweredType;
  readonly token: string;
  readonly keyAuthorization: string;
}

/** How dns-persist-01 is used. There is nothing to publish: the customer's record stands. */
export interface PersistPlan {
  /** Whether that record permits the account of the challenge at its CA. */
  readonly permits: (challenge: PersistChallenge) => boolean;
  /** Called before the CA is asked to validate. Repeated after a crash. */
  readonly use: (challenge: PersistChallenge) => Promise<void>;
}

export interface ChallengePlan {
  /** Those that can succeed, the best first. No other is started: it would fail, and CAs count failures. */
  readonly challengeTypes: readonly ChallengeType[];
  /** Resolves when every replica can answer, since the CA validates right afterwards. Repeated after a crash. */
  readonly publishChallenge: (challenge: PublishedChallenge) => Promise<void>;
  /** Absent: dns-persist-01 is never used. */
  readonly persist?: PersistPlan;
  /**
   * Called with the types of challenges of each authorization that is pending: any other lists only those that were tried
   * (RFC 8555 section 7.1.4).
   */
  readonly onOffered?: (types: readonly string[]) => Promise<void>;
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
type Usable = AcmeChallenge & { readonly type: AnsweredType };

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
  if (authorization.status === 'pending') {
    await plan.onOffered?.(authorization.offered);
    await answer(client, authorization, plan);
  }
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
  { challenges, persist }: AcmeAuthorization,
  plan: Plan,
): Promise<void> {
  const { challengeTypes, publishChallenge } = plan;
  const usable: readonly (Usable | PersistChallenge)[] = [
    ...challenges.filter((challenge) => isUsable(challenge)),
    ...persist.filter((challenge) => isBegun(challenge) || plan.persist?.permits(challenge)),
  ];
  const [best] = challengeTypes.flatMap((wanted) => usable.filter(({ type }) => type === wanted));
  // A crash may have left one in processing: the CA validates that one only.
  const chosen = usable.find(isBegun) ?? best;
  if (chosen === undefined) {
    throw localProblem('no_challenge', `the CA offers no ${challengeTypes.join(' or ')}`);
  }
  if (chosen.type === PERSIST_TYPE) {
    await plan.persist?.use(chosen);
    if (!isBegun(chosen)) await client.startChallenge(chosen.url);
    return;
  }
  const { type, token, url, status } = chosen;
  const keyAuthorization = await client.keyAuthorization(token);
  await publishChallenge({ type, token, keyAuthorization });
  if (status === 'pending') await client.startChallenge(url);
}

function isUsable(challenge: AcmeChallenge): challenge is Usable {
  return CHALLENGE_TYPES.some((type) => type === challenge.type);
}

function isBegun({ status }: Pick<AcmeChallenge, 'status'>): boolean {
  return status === 'processing';
}

function challengeFailure({ challenges, persist }: AcmeAuthorization): AcmeProblem | null {
  for (const { error } of [...challenges, ...persist]) {
    const problem = problemFromObject(error);
    if (problem !== null) return problem;
  }
  return null;
}
