/** What a DNS provider said of one zone: whether it can make the records of a claim there (Domain Connect). */
export interface DomainSetup {
  /** `no_template`: it speaks Domain Connect and does not know us. */
  readonly state: 'unsupported' | 'no_template' | 'available';
  /** That has the records of the name, which may be below the registrable domain. */
  readonly zone: string;
  /** The template that was asked for. */
  readonly serviceId: string;
  /** The one for an apex and its `www` is there too. */
  readonly hasPairTemplate?: boolean;
  readonly provider: { readonly id: string; readonly name: string } | null;
  /** Where the customer consents. */
  readonly syncUrl: string | null;
  readonly controlPanel: string | null;
  readonly window: { readonly width: number; readonly height: number };
}

/**
 * How a browser came back from the DNS provider. `returned`: without an error, which proves nothing. `unavailable`: the
 * provider had a fault of its own.
 */
export const SETUP_OUTCOMES = ['returned', 'cancelled', 'rejected', 'unavailable'] as const;
export type SetupOutcome = (typeof SETUP_OUTCOMES)[number];

/** The set-up columns of a claim. */
export interface SetupRecord {
  /** Null: no provider was found out yet. A later failure leaves it as it is. */
  readonly setup: DomainSetup | null;
  readonly setupCheckedAt: Date | null;
  readonly setupOutcome: SetupOutcome | null;
  readonly setupReturnedAt: Date | null;
}

export const NO_SETUP: SetupRecord = {
  setup: null,
  setupCheckedAt: null,
  setupOutcome: null,
  setupReturnedAt: null,
};

/** A record that the DNS provider removes when it makes ours. */
export interface ReplacedRecord {
  /** Relative to the zone, `@` for its apex. */
  readonly name: string;
  readonly type: string;
  readonly values: readonly string[];
}

/** What diagnose() has to know of it. */
export interface SetupFacts {
  /** The provider's name. */
  readonly provider: string;
  /** A link can be made now. */
  readonly isOffered: boolean;
  /** It could, if our public key stood in the DNS. */
  readonly isKeyMissing: boolean;
  readonly replaces: readonly ReplacedRecord[];
  /** How the customer came back last. */
  readonly outcome: SetupOutcome | null;
  /** That was long ago. */
  readonly isOutcomeOld: boolean;
}
