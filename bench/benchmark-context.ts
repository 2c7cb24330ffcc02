import type { GatewayProcess } from '../demo/gateway-process.js';
import type { Placement } from './machine.js';

/** The gateway under test and the options of a benchmark. */
export interface BenchmarkContext {
  readonly gateway: GatewayProcess;
  readonly placement: Placement;
  readonly rounds: number;
  readonly seconds: number;
  /** Share + reveal pairs of the memory benchmark. */
  readonly pairs: number;
  /** Names of the handshakes benchmark. */
  readonly names: number;
}

/** The host under load. The other region is idle. */
export const HOST = 'eu.onetime.localhost';
