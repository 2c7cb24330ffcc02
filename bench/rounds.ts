import { cpuSecondsOf } from './machine.js';

/** One of the two that are compared, and how to load it for some seconds. */
export interface Contestant {
  readonly pid: number;
  readonly load: (seconds: number) => Promise<Work>;
}

/** What a load generator got out of a server. */
export interface Work {
  readonly operations: number;
  readonly seconds: number;
}

export interface RoundsOptions {
  readonly rounds: number;
  /** Of each contestant in each round. */
  readonly seconds: number;
}

/** A median with the least and the largest of what was measured. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export interface Figures {
  readonly perSecond: Spread;
  /** Microseconds of the process's CPU time for one operation. */
  readonly cpuMicros: Spread;
  /** How much of one core it used: near 1, it was itself the limit. */
  readonly cores: Spread;
}

export interface Comparison {
  readonly gateway: Figures;
  readonly peer: Figures;
  /** The gateway's operations a second over the peer's. */
  readonly byThroughput: Spread;
  /** The peer's CPU time for an operation over the gateway's. */
  readonly byCpu: Spread;
}

interface Sample {
  readonly perSecond: number;
  readonly cpuMicros: number;
  readonly cores: number;
}

/** Loads both in turn, round after round, after one round each that does not count: what drifts hits both alike. */
export async function compare(
  gateway: Contestant,
  peer: Contestant,
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

async function sample({ pid, load }: Contestant, duration: number): Promise<Sample> {
  const cpuBefore = cpuSecondsOf(pid);
  const { operations, seconds } = await load(duration);
  const cpu = cpuSecondsOf(pid) - cpuBefore;
  if (operations === 0) throw new Error('nothing was done in a round');
  return {
    perSecond: operations / seconds,
    cpuMicros: (cpu * 1_000_000) / operations,
    cores: cpu / seconds,
  };
}

function figuresOf(samples: readonly Sample[]): Figures {
  return {
    perSecond: spreadOf(samples.map(({ perSecond }) => perSecond)),
    cpuMicros: spreadOf(samples.map(({ cpuMicros }) => cpuMicros)),
    cores: spreadOf(samples.map(({ cores }) => cores)),
  };
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = (sorted.length - 1) / 2;
  const [low = NaN, high = NaN] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]];
  return { median: (low + high) / 2, min: sorted[0] ?? NaN, max: sorted.at(-1) ?? NaN };
}
