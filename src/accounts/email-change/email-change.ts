/** A change of address that both addresses have to confirm. */
export interface EmailChange {
  readonly newEmail: string;
  readonly oldConfirmedAt: Date | null;
  readonly newConfirmedAt: Date | null;
  /** Wrong codes that are still allowed. */
  readonly triesLeft: number;
  readonly expiresAt: Date;
}

/** What a code has done. */
export type Confirmed =
  | { readonly outcome: 'confirmed'; readonly change: EmailChange }
  | { readonly outcome: 'changed'; readonly email: string }
  | { readonly outcome: 'wrong'; readonly triesLeft: number }
  | { readonly outcome: 'none' };
