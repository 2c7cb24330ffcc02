/** Whether the name leads here. `unknown`: nobody could say yet; it is no judgement. */
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

/** A claim's routing as its row has it. */
export interface Routing {
  readonly routing: RoutingState;
  readonly routingSince: Date;
  /** When the name was last seen to reach this region; null when it was last seen not to. */
  readonly pointedAt: Date | null;
}
