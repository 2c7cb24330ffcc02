import { Injectable } from '@nestjs/common';
import type { AccountId } from '../../accounts/account.js';
import { GATEWAY, type Actor } from '../../accounts/activity/activity.js';
import { AppError } from '../../shared/app-error.js';
import { CheckLeases, VERIFIES_PER_MINUTE, type LeasedClaim } from './check-leases.js';
import { claimFacts } from '../claims/claim-facts.js';
import { LookUpBudget } from './look-up-budget.js';
import { observationRequest, type ClaimedName } from '../claims/observation-request.js';
import { viewDelegation } from '../diagnosis/delegation-view.js';
import { diagnose } from '../diagnosis/diagnose.js';
import { viewProof } from '../diagnosis/ownership-proof.js';
import type { Domain } from '../domain.js';
import type { DomainFacts, ObservedFacts } from '../domain-facts.js';
import { DomainObserver } from './domain-observer.js';
import { DomainSettings } from '../domain-settings.js';
import type { DomainSetup } from '../domain-setup.js';
import { DomainTransitions } from '../claims/domain-transitions.js';

/** Null: it failed. Undefined: it is not due. Never rejects. */
export type SetupLook = (claim: LeasedClaim) => Promise<DomainSetup | null | undefined>;

/** Checks claims: observes the records of a claim and applies the transition that follows. */
@Injectable()
export class ClaimChecker {
  #lookAtSetup: SetupLook = async () => undefined;

  constructor(
    private readonly observer: DomainObserver,
    private readonly transitions: DomainTransitions,
    private readonly leases: CheckLeases,
    private readonly settings: DomainSettings,
    readonly budget: LookUpBudget,
  ) {}

  /** `look` asks the claim's DNS provider what it can do, while the records are looked at. */
  onCheck(look: SetupLook): void {
    this.#lookAtSetup = look;
  }

  /**
   * Checks a claim now, even while another process checks it. Returns false if the claim does not exist; throws AppError
   * `rate_limited` or `busy`.
   * @param asker whose budget it is
   */
  checkNow(
    accountId: AccountId,
    extid: string,
    actor: Actor,
    asker: string = accountId,
  ): Promise<boolean> {
    return this.budget.run(asker, () => this.#checkNow(accountId, extid, actor));
  }

  async #checkNow(accountId: AccountId, extid: string, actor: Actor): Promise<boolean> {
    const lease = await this.leases.takeForVerify(accountId, extid);
    if (lease.state === 'limited')
      throw new AppError(
        'rate_limited',
        `A domain can be verified ${VERIFIES_PER_MINUTE} times a minute. Please wait a moment.`,
        { retryAfterSeconds: lease.retryAfterSeconds },
      );
    if (lease.state === 'leased') await this.check(lease.claim, actor);
    return lease.state === 'leased';
  }

  /** Returns whether the observation was applied: see DomainTransitions.apply(). */
  async check(claim: LeasedClaim, asker: Actor = GATEWAY): Promise<boolean> {
    const [observed, setup] = await Promise.all([this.observe(claim), this.#lookAtSetup(claim)]);
    // What this look itself says: what is kept from an earlier one concludes nothing.
    const facts = this.facts(claim, observed);
    const { txt, cname } = viewProof(facts);
    const seen = {
      facts: this.#withKnownChallenge(claim, observed),
      proof: { txt, cname },
      routing: diagnose(facts).routing,
      delegation: viewDelegation(facts).state,
      isReached: observed.probe.status === 'ours',
      setup,
    };
    return this.transitions.apply(claim, seen, asker);
  }

  /**
   * What is known of `_acme-challenge` stays while nothing is asked: a process that has just started does not know yet
   * whether the region's name server is reached.
   */
  #withKnownChallenge(claim: LeasedClaim, observed: ObservedFacts): ObservedFacts {
    if (observed.acmeChallenge.cname.status !== 'unasked') return observed;
    return { ...observed, acmeChallenge: this.facts(claim).acmeChallenge };
  }

  /** Observes only; writes nothing. */
  observe(claim: ClaimedName): Promise<ObservedFacts> {
    return this.observer.observe(observationRequest(claim, this.settings));
  }

  /** The facts of a claim; before the first observation, nothing is known of its records. */
  facts(domain: Domain, observed: ObservedFacts | null = domain.facts): DomainFacts {
    return claimFacts(domain, this.settings, observed);
  }
}
