import { Injectable } from '@nestjs/common';
import { MINUTE, SECOND } from '../../shared/durations.js';
import { CertificateRemovalStore } from '../stores/certificate-removal.store.js';
import { isServing } from '../certificate-state.js';
import type { IssuanceLease } from '../stores/issuance-lease.js';
import { blockIssuance } from '../orders/block-issuance.js';
import { orderChallenges } from '../orders/challenge-order.js';
import { ownProblem } from '../stored-problem.js';
import { IssuePermit } from '../orders/issue-permit.js';
import { IssuerFailover } from '../orders/issuer-failover.js';
import { RenewalWatch } from './renewal-watch.js';
import { type Need, WantedNamesStore } from '../stores/wanted-names.store.js';

const ROUTING_UNKNOWN_SECONDS = MINUTE / SECOND;
const NOT_POINTED = 'The name does not lead to this region, so a CA could not validate it';
const NOT_ENTITLED =
  'Ownership or the plan has lapsed, or the name is blocked, so no certificate is ordered.';

/** Decides what one leased name needs, from its present state, whatever made the row due. */
@Injectable()
export class IssuanceRunner {
  constructor(
    private readonly wanted: WantedNamesStore,
    private readonly removal: CertificateRemovalStore,
    private readonly permit: IssuePermit,
    private readonly watch: RenewalWatch,
    private readonly failover: IssuerFailover,
  ) {}

  async run(lease: IssuanceLease): Promise<void> {
    const { row } = lease;
    const need = await this.wanted.findNeed(row.hostname);
    if (need === null) return this.removal.remove(row.hostname, { revoke: false });
    if (row.isExpired && isServing(row.state)) {
      await lease.move('expired', {}, { type: 'expired', detail: { notAfter: row.notAfter } });
    }
    if (row.source === 'uploaded') return watchUploaded(lease);
    const isUnderWay = row.sealedKey !== null;
    if (row.notAfter === null || row.isExpired || row.isRenewalDue || isUnderWay) {
      return this.#issue(lease, need);
    }
    return row.isAriDue ? this.watch.poll(lease) : lease.release({ asScheduled: true });
  }

  async #issue(lease: IssuanceLease, need: Need): Promise<void> {
    const { hostname, notAfter, isExpired } = lease.row;
    const isFirst = notAfter === null || isExpired;
    if (!need.isEntitled) return blockIssuance(lease, ownProblem('not_entitled', NOT_ENTITLED));
    if (isFirst && !need.canValidate)
      return blockIssuance(lease, ownProblem('routing', `${NOT_POINTED}.`));
    const started = await this.permit.findStarted(lease.row);
    if (started !== null) return this.failover.run(lease, need, started);
    // The domains room's last check may be weeks old at a renewal, so check now.
    const verdict = await this.permit.checkRouting(hostname, need);
    switch (verdict.kind) {
      case 'pointed':
      case 'delegated': {
        const challengeTypes = orderChallenges(verdict, lease.row);
        const { permitsPersist } = verdict;
        return this.failover.run(lease, need, {
          challengeTypes,
          isStarted: false,
          ...(permitsPersist !== undefined && { permitsPersist }),
        });
      }
      case 'elsewhere':
        return blockIssuance(lease, ownProblem('routing', `${NOT_POINTED}: ${verdict.state}.`));
      case 'unknown':
        return lease.release({ inSeconds: ROUTING_UNKNOWN_SECONDS });
    }
  }
}

/** Its owner renews it and gets one warning. */
async function watchUploaded(lease: IssuanceLease): Promise<void> {
  if (lease.row.isExpired) return lease.release('never');
  if (!lease.row.isRenewalDue) return lease.release({ asScheduled: true });
  const event = { type: 'expiring', detail: { notAfter: lease.row.notAfter } };
  await lease.release({ asScheduled: true }, { renewAt: null }, event);
}
