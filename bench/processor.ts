import { spreadOf, type Spread, type Work } from './comparison.js';
import { cpuSecondsOf } from './machine.js';
import { whole } from './report.js';

/** A server under load. The first of several is the gateway. */
export interface Contender {
  readonly name: string;
  readonly pid: number;
  /** Puts load on it for some seconds. */
  readonly load: (seconds: number) => Promise<Work>;
}

/** Microseconds of processor time for one request, by contender, one value for each round. */
export type ProcessorTimes = ReadonlyMap<string, readonly number[]>;

/** Long enough for V8 to compile what is hot: a small server is done with it sooner than a large one. */
const WARM_UP_ROUNDS = 3;

/** Loads the servers in turn, after a time that is not counted. */
export async function measureProcessor(
  contenders: readonly Contender[],
  { rounds, seconds }: { readonly rounds: number; readonly seconds: number },
): Promise<ProcessorTimes> {
  const times = new Map(contenders.map(({ name }) => [name, [] as number[]]));
  for (const one of contenders) await sample(one, WARM_UP_ROUNDS * seconds);
  for (let round = 0; round < rounds; round++)
    for (const one of contenders) times.get(one.name)?.push(await sample(one, seconds));
  return times;
}

/** The processor time of one divided by that of another, round by round. */
export function ratioOf(times: ProcessorTimes, one: string, other: string): Spread {
  const others = times.get(other) ?? [];
  return spreadOf((times.get(one) ?? []).map((time, round) => time / (others[round] ?? NaN)));
}

export function processorLines(times: ProcessorTimes): string[] {
  return [...times].map(([name, values]) => {
    const { median, min, max } = spreadOf(values);
    return `${name}: ${whole(median)} us CPU a request (${whole(min)} to ${whole(max)})`;
  });
}

export function ratioText({ median, min, max }: Spread): string {
  return `${median.toFixed(2)} (${min.toFixed(2)} to ${max.toFixed(2)})`;
}

async function sample({ pid, load }: Contender, duration: number): Promise<number> {
  const before = cpuSecondsOf(pid);
  const { operations } = await load(duration);
  if (operations === 0) throw new Error('no request was answered in a round');
  return ((cpuSecondsOf(pid) - before) * 1_000_000) / operations;
}
