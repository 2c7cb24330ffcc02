import { Gauge, type Registry } from 'prom-client';
import type { Region } from '../config/region.js';
import type { Cell } from '../region/cell.js';

export const REGION_STATES = [
  'serving',
  'starting',
  'configuration refused',
  'database not prepared',
  'database unreachable',
  'database out of connections',
  'database read-only',
  'database disk full',
  'database refuses writes',
] as const;
export type RegionState = (typeof REGION_STATES)[number];

interface RegionStateSources {
  readonly served: readonly Region[];
  readonly cells: () => readonly Cell[];
  /** Of a region without a cell: what its start waits for. */
  readonly startOf: (region: Region) => RegionState;
}

/** A cell serves while its database takes writes: a reveal is a write. */
export function stateOf(region: Region, { cells, startOf }: RegionStateSources): RegionState {
  const cell = cells().find((each) => each.region === region);
  if (cell === undefined) return startOf(region);
  const state = cell.databaseState();
  return state === 'writable' ? 'serving' : `database ${state}`;
}

/** Adds the states of the regions to the metrics of the process: also of those whose cell has not started. */
export function registerRegionStates(registry: Registry, sources: RegionStateSources): void {
  registry.registerMetric(
    new Gauge({
      name: 'gateway_region_state',
      help: '1 for the state that a served region is in, as in /readyz, 0 for the others',
      labelNames: ['region', 'state'],
      registers: [],
      collect() {
        for (const region of sources.served) {
          const current = stateOf(region, sources);
          for (const state of REGION_STATES) this.set({ region, state }, Number(state === current));
        }
      },
    }),
  );
}
