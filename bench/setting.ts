import type { GatewayProcess } from '../demo/gateway-process.js';
import type { Placement } from './machine.js';

/** What every question is asked in. */
export interface Setting {
  readonly gateway: GatewayProcess;
  readonly placement: Placement;
  readonly rounds: number;
  readonly seconds: number;
  /** Share + reveal pairs of the memory question. */
  readonly pairs: number;
}

/** The host that is loaded; the other region idles beside it. */
export const HOST = 'eu.onetime.localhost';
