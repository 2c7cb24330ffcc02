/** Where the CNAME record at `_acme-challenge` of a name leads, by the last check that could tell. */
export type DelegationState =
  | 'unknown'
  /** There is no record. */
  | 'none'
  /** To the claim's own name below the region's zone for challenges. */
  | 'ready'
  /** To another name. */
  | 'elsewhere'
  /** Another record stands at the name, beside or instead of a CNAME record. */
  | 'blocked';
