import {
  type CertificateState,
  type CertificateTransition,
  requireNextState,
} from '../certificate-state.js';
import type { LeasedIssuance } from '../issuance.js';
import type { CertificateEvent } from './certificate-timeline.js';
import type { IssuanceChange, IssuanceStore, Release } from './issuance.store.js';

/** One name's issuance while this process has the lease. Its state changes only by the table of transitions. */
export class IssuanceLease {
  #state: CertificateState;
  #dueInSeconds: number | null = null;

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

  /** When the row is due again, if the end of the lease said so; else null. */
  get dueInSeconds(): number | null {
    return this.#dueInSeconds;
  }

  /** Writes the next state and keeps the lease. */
  async move(
    transition: CertificateTransition,
    change: IssuanceChange = {},
    event: CertificateEvent | null = null,
  ): Promise<void> {
    const state = requireNextState(this.#state, transition);
    await this.store.write(this.row, { ...change, state }, event);
    this.#state = state;
  }

  /** Ends the lease. */
  release(
    due: Release,
    change: IssuanceChange = {},
    event: CertificateEvent | null = null,
  ): Promise<void> {
    if (typeof due === 'object' && 'inSeconds' in due) this.#dueInSeconds = due.inSeconds;
    return this.store.release(this.row, change, due, event);
  }

  /** Writes the next state and ends the lease. Leaves out an event that repeats the last one, as in a long outage. */
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
