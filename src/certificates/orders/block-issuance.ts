import { backoffSeconds } from './failure-policy.js';
import type { IssuanceLease } from '../stores/issuance-lease.js';
import type { StoredProblem } from '../issuance.js';

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
