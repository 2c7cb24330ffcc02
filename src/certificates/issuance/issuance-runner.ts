import { Injectable } from '@nestjs/common';
import { MINUTE, SECOND } from '../../shared/durations.js';
import { CertificateRemovalStore } from '../stores/certificate-removal.store.js';
import { isServing } from '../certificate-state.js';
import type { HeldIssuance } from '../stores/held-issuance.js';
import { holdBack, ownProblem } from '../orders/hold-back.js';
import { IssuePermit } from '../orders/issue-permit.js';
import { IssuerTries } from '../orders/issuer-tries.js';
import { RenewalWatch } from './renewal-watch.js';
import { type Need, WantedNamesStore } from '../stores/wanted-names.store.js';

const ROUTING_UNKNOWN_SECONDS = MINUTE / SECOND;
const NOT_POINTED = 'The name does not lead to this region, so a CA could not validate it';
const NOT_ENTITLED = 'Ownership or the plan has lapsed, so no certificate is ordered.';

/** What there is to do for one name, once its lease is held: looked at anew, whatever made the row due. */
@Injectable()
export class IssuanceRunner {
  constructor(
    private readonly wanted: WantedNamesStore,
    private readonly removal: CertificateRemovalStore,
    private readonly permit: IssuePermit,
    private readonly watch: RenewalWatch,
    private readonly tries: IssuerTries,
  ) {}

  async run(held: HeldIssuance): Promise<void> {
    const { row } = held;
    const need = await this.wanted.findNeed(row.hostname);
    if (need === null) return this.removal.remove(row.hostname, { revoke: false });
    if (row.isExpired && isServing(row.state)) {
      await held.move('expired', {}, { type: 'expired', detail: { notAfter: row.notAfter } });
    }
    if (row.source === 'uploaded') return watchUploaded(held);
    const isUnderWay = row.sealedKey !== null;
    if (row.notAfter === null || row.isExpired || row.isRenewalDue || isUnderWay) {
      return this.#issue(held, need);
    }
    return row.isAriDue ? this.watch.poll(held) : held.release({ asScheduled: true });
  }

  async #issue(held: HeldIssuance, need: Need): Promise<void> {
    const { hostname, notAfter, isExpired } = held.row;
    const isFirst = notAfter === null || isExpired;
    if (!need.isEntitled) return holdBack(held, ownProblem('not_entitled', NOT_ENTITLED));
    if (isFirst && !need.isPointed) return holdBack(held, ownProblem('routing', `${NOT_POINTED}.`));
    // The domains room's word may be weeks old when it comes to a renewal: look now.
    const verdict = await this.permit.checkRouting(hostname, need);
    switch (verdict.kind) {
      case 'pointed':
        return this.tries.run(held, need, verdict.challengeType);
      case 'elsewhere':
        return holdBack(held, ownProblem('routing', `${NOT_POINTED}: ${verdict.state}.`));
      case 'unknown':
        return held.release({ inSeconds: ROUTING_UNKNOWN_SECONDS });
    }
  }
}

/** Nobody renews it but its owner, who is told in time. */
async function watchUploaded(held: HeldIssuance): Promise<void> {
  if (held.row.isExpired) return held.release('never');
  if (!held.row.isRenewalDue) return held.release({ asScheduled: true });
  const event = { type: 'expiring', detail: { notAfter: held.row.notAfter } };
  await held.release({ asScheduled: true }, { renewAt: null }, event);
}
