export const EVENT_AXES = ['ownership', 'routing', 'certificate', 'serving'] as const;

export type EventAxis = (typeof EVENT_AXES)[number];

/** One line of a domain's timeline. Its owner reads it, so it must not contain data of another account. */
export interface DomainEvent {
  readonly axis: EventAxis;
  readonly type: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** A stored event. Ids grow with time. */
export interface DomainEventRecord extends DomainEvent {
  readonly id: string;
  readonly at: Date;
}
