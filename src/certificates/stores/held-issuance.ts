import {
  type CertificateState,
  type CertificateTransition,
  requireNextState,
} from '../certificate-state.js';
import type { LeasedIssuance } from '../issuance.js';
import type { CertificateEvent, IssuanceChange, IssuanceStore, Release } from './issuance.store.js';

/** One name's issuance while this process has it: the state moves by the table of transitions, under the lease. */
export class HeldIssuance {
  #state: CertificateState;

  constructor(
    readonly row: LeasedIssuance,
    private readonly store: IssuanceStore,
    /** Aborted when the lease is lost or the process stops. */
    readonly signal: AbortSignal,
  ) {
    this.#state = row.state;
  }

  get state(): CertificateState {
    return this.#state;
  }

  /** Writes the next state and goes on. */
  async move(
    transition: CertificateTransition,
    change: IssuanceChange = {},
    event: CertificateEvent | null = null,
  ): Promise<void> {
    const state = requireNextState(this.#state, transition);
    await this.store.write(this.row, { ...change, state }, event);
    this.#state = state;
  }

  /** Lets go until the row is due again. */
  release(
    due: Release,
    change: IssuanceChange = {},
    event: CertificateEvent | null = null,
  ): Promise<void> {
    return this.store.release(this.row, change, due, event);
  }

  /** Moves and lets go. An event that says what the last one said is left out: a long outage is one line. */
  async settle(
    transition: CertificateTransition,
    change: IssuanceChange,
    { due, event }: { readonly due: Release; readonly event: CertificateEvent },
  ): Promise<void> {
    const state = requireNextState(this.#state, transition);
    const { heldBy, problem, state: before } = this.row;
    const isNews =
      change.heldBy !== heldBy || change.problem?.type !== problem?.type || state !== before;
    await this.store.release(this.row, { ...change, state }, due, isNews ? event : null);
    this.#state = state;
  }
}
