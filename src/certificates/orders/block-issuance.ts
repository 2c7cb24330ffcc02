import { backoffSeconds } from './failure-policy.js';
import type { IssuanceLease } from '../stores/issuance-lease.js';
import type { StoredProblem } from '../issuance.js';

/** What we say ourselves, before any CA was asked. */
export function ownProblem(type: string, detail: string): StoredProblem {
  return { type, status: 0, detail, subproblems: [], ca: null, unpauseUrl: null };
}

/** No order now. The wait grows, and ends at once when the domains room sees a change. */
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
