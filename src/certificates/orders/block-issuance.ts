import { backoffSeconds } from './failure-policy.js';
import type { IssuanceLease } from '../stores/issuance-lease.js';
import type { StoredProblem } from '../issuance.js';

/** A problem found by this region before a CA was asked. */
export function ownProblem(type: string, detail: string): StoredProblem {
  return { type, status: 0, detail, subproblems: [], ca: null, unpauseUrl: null };
}

/** Makes no order now. The wait grows; a change of the domain ends it at once (WantedNamesStore.nudge). */
export async function blockIssuance(lease: IssuanceLease, problem: StoredProblem): Promise<void> {
  const attempts = lease.row.attempts + 1;
  await lease.settle(
    'blocked',
    { attempts, heldBy: 'none', problem },
    {
      due: { inSeconds: backoffSeconds(attempts, Math.random) },
      event: { type: 'held', detail: { reason: problem.type, text: problem.detail } },
    },
  );
}
