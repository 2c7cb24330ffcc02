export type EventAxis = 'ownership' | 'routing' | 'certificate' | 'serving';

/** One line of a domain's timeline, which its owner reads: nothing of another account is in it. */
export interface DomainEvent {
  readonly axis: EventAxis;
  readonly type: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** As it was written. Ids grow with time. */
export interface DomainEventRecord extends DomainEvent {
  readonly id: string;
  readonly at: Date;
}
