import { acmeErrorName, type AcmeErrorName } from '../../acme/acme-error-names.js';
import type { ChallengeType } from '../../acme/authorize-order.js';
import type { PossibleChallenges } from '../gates.js';
import type { LeasedIssuance } from '../issuance.js';

export type LastAttempt = Pick<LeasedIssuance, 'challengeType' | 'attempts' | 'problem'>;

/** What a CA says of a challenge that it could not validate. */
const VALIDATION: ReadonlySet<AcmeErrorName | null> = new Set([
  'dns',
  'unauthorized',
  'connection',
  'incorrectResponse',
]);

/** They do not need the name to lead here. */
const BY_DNS: ReadonlySet<ChallengeType> = new Set(['dns-01', 'dns-persist-01']);

/**
 * In which order to try the challenges that can succeed. After a failed one by DNS the others come first, and then it again:
 * the customer's name servers can fail for the one or for the other. Pure.
 */
export function orderChallenges(
  { challengeTypes, isUncertain }: PossibleChallenges,
  last: LastAttempt,
): ChallengeType[] {
  const { challengeType: tried } = last;
  if (hasFailed(last)) {
    return tried !== null && BY_DNS.has(tried)
      ? movedLast(challengeTypes, tried)
      : [...challengeTypes];
  }
  return isUncertain && tried !== null && challengeTypes.includes(tried)
    ? [tried, ...challengeTypes.filter((type) => type !== tried)]
    : [...challengeTypes];
}

function hasFailed({ attempts, problem }: LastAttempt): boolean {
  return attempts > 0 && problem !== null && VALIDATION.has(acmeErrorName(problem.type));
}

function movedLast(types: readonly ChallengeType[], moved: ChallengeType): ChallengeType[] {
  return [...types.filter((type) => type !== moved), ...types.filter((type) => type === moved)];
}
