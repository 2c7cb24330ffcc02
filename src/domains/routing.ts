/** Where the name leads. `unknown`: no lookup has succeeded; nothing may be concluded. */
export const ROUTING_STATES = [
  'unknown',
  'not_pointed',
  'elsewhere',
  'wrong_region',
  'mixed',
  'proxied',
  'pointed',
] as const;
export type RoutingState = (typeof ROUTING_STATES)[number];

/** The routing columns of a claim. */
export interface Routing {
  readonly routing: RoutingState;
  readonly routingSince: Date;
  /** The last check that found the name to reach this region; null if the last conclusive check found otherwise. */
  readonly pointedAt: Date | null;
}
