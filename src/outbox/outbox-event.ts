/** What happened to something of an account. `subject` has ids and states: never a key, a value, a passphrase or a token. */
export interface OutboxEvent {
  readonly accountId: string;
  /** `secret.revealed`, `domain.proof_missing`, `certificate.failed`. */
  readonly type: string;
  readonly subject: Readonly<Record<string, unknown>>;
}

/** A stored event, as its readers get it. */
export interface StoredEvent extends OutboxEvent {
  /** A bigint: pg returns text. The same whenever the event is read. */
  readonly id: string;
  readonly at: Date;
}
