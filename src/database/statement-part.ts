/** A part that another room adds to a statement, so that both are written or neither, in one round trip. */
export interface StatementPart {
  /** Added to the statement's name. */
  readonly name: string;
  /** `name as (insert …)`; its parameters are numbered from `first` on. */
  text(first: number): string;
  readonly values: readonly unknown[];
}
