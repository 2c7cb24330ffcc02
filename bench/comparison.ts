import { cpuSecondsOf } from './machine.js';

/** One of the two compared processes. `load` puts load on it for some seconds. */
interface MeasuredServer {
  readonly pid: number;
  readonly load: (seconds: number) => Promise<Work>;
  /** CPU seconds of the database so far, where that is of interest. */
  readonly databaseSeconds?: () => number;
}

/** What a load generator measured. */
export interface Work {
  readonly operations: number;
  readonly seconds: number;
}

interface RoundsOptions {
  readonly rounds: number;
  /** How long the load on each process lasts in each round. */
  readonly seconds: number;
}

/** The median, minimum and maximum of the measured values. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export interface Figures {
  readonly perSecond: Spread;
  /** CPU time of the process for one operation, in microseconds. */
  readonly cpuMicros: Spread;
  /** CPU time of the database for one operation, in microseconds; null when it was not measured. */
  readonly databaseMicros: Spread | null;
  /** Used share of one core. Near 1 the process itself was the limit. */
  readonly cores: Spread;
}

export interface Comparison {
  readonly gateway: Figures;
  readonly peer: Figures;
  /** The gateway's operations per second divided by the peer's. */
  readonly byThroughput: Spread;
  /** The peer's CPU time for one operation divided by the gateway's. */
  readonly byCpu: Spread;
}

interface Sample {
  readonly perSecond: number;
  readonly cpuMicros: number;
  readonly databaseMicros: number | null;
  readonly cores: number;
}

/** Measures both alternately, so that drift affects both alike. A first round of each is not counted. */
export async function compare(
  gateway: MeasuredServer,
  peer: MeasuredServer,
  { rounds, seconds }: RoundsOptions,
): Promise<Comparison> {
  await sample(gateway, seconds);
  await sample(peer, seconds);
  const pairs: { readonly gateway: Sample; readonly peer: Sample }[] = [];
  for (let round = 0; round < rounds; round++) {
    pairs.push({ gateway: await sample(gateway, seconds), peer: await sample(peer, seconds) });
  }
  return {
    gateway: figuresOf(pairs.map((pair) => pair.gateway)),
    peer: figuresOf(pairs.map((pair) => pair.peer)),
    byThroughput: spreadOf(pairs.map((pair) => pair.gateway.perSecond / pair.peer.perSecond)),
    byCpu: spreadOf(pairs.map((pair) => pair.peer.cpuMicros / pair.gateway.cpuMicros)),
  };
}

async function sample(
  { pid, load, databaseSeconds }: MeasuredServer,
  duration: number,
): Promise<Sample> {
  const databaseBefore = databaseSeconds?.() ?? null;
  const cpuBefore = cpuSecondsOf(pid);
  const { operations, seconds } = await load(duration);
  const cpu = cpuSecondsOf(pid) - cpuBefore;
  if (operations === 0) throw new Error('no operation was completed in a round');
  const database = databaseBefore === null ? null : (databaseSeconds?.() ?? 0) - databaseBefore;
  return {
    perSecond: operations / seconds,
    cpuMicros: (cpu * 1_000_000) / operations,
    databaseMicros: database === null ? null : (database * 1_000_000) / operations,
    cores: cpu / seconds,
  };
}

function figuresOf(samples: readonly Sample[]): Figures {
  const databaseMicros = samples.flatMap((one) => one.databaseMicros ?? []);
  return {
    perSecond: spreadOf(samples.map(({ perSecond }) => perSecond)),
    cpuMicros: spreadOf(samples.map(({ cpuMicros }) => cpuMicros)),
    databaseMicros: databaseMicros.length === 0 ? null : spreadOf(databaseMicros),
    cores: spreadOf(samples.map(({ cores }) => cores)),
  };
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = (sorted.length - 1) / 2;
  const [low = NaN, high = NaN] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]];
  return { median: (low + high) / 2, min: sorted[0] ?? NaN, max: sorted.at(-1) ?? NaN };
}
