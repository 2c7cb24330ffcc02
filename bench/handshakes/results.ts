import { spreadOf, type Spread } from '../comparison.js';
import { whole, type Result } from '../report.js';

/** One server under one load, in one round. */
export interface Sample {
  readonly name: string;
  /** CPU time of the server for one connection. */
  readonly cpuMicros: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly perSecond: number;
  /** The share of connections that resumed a session. */
  readonly resumed: number;
  /** What the load generator used of its core. */
  readonly generatorCores: number;
}

export type Kind = 'warm' | 'resumed' | 'cold';

const WORDS: Readonly<Record<Kind, string>> = {
  warm: 'full TLS 1.3 connections, 300 names in memory',
  resumed: 'resumed TLS 1.3 connections, 300 names',
  cold: 'full TLS 1.3 connections, all names at random',
};
/** The peer whose processor time is the target; bare Node where it is not installed. */
const MEASURE = 'Caddy';
const RESUMED_MIN = 0.97;

/** @param rounds the first sample of each is the gateway's */
export function resultsOf(kind: Kind, rounds: readonly (readonly Sample[])[]): Result[] {
  const names = (rounds[0] ?? []).map(({ name }) => name);
  const details = names.map((name) => lineOf(name, rounds));
  const peer = names.includes(MEASURE) ? MEASURE : 'bare Node';
  const cpu = ratioTo(peer, rounds, ({ cpuMicros }) => cpuMicros);
  const p99 = spreadOf(
    rounds.map(([gateway, ...peers]) => {
      const slowest = Math.max(...peers.map((each) => each.p99));
      return (gateway?.p99 ?? NaN) / slowest;
    }),
  );
  const results = [
    resultOf(`${WORDS[kind]}: CPU time beside ${peer}`, cpu, details),
    resultOf(`${WORDS[kind]}: p99 at 32 callers beside the slowest peer`, p99, []),
  ];
  if (kind !== 'resumed') return results;
  const share = spreadOf(rounds.map(([gateway]) => gateway?.resumed ?? NaN));
  return [
    ...results,
    {
      question: 'connections that resume, if each ticket is used once',
      reached: `${(share.median * 100).toFixed(1)} %`,
      target: `at least ${RESUMED_MIN * 100} %`,
      isMet: share.median >= RESUMED_MIN,
      details: [],
    },
  ];
}

function resultOf(question: string, ratio: Spread, details: readonly string[]): Result {
  return {
    question,
    reached: `${ratio.median.toFixed(2)} (${ratio.min.toFixed(2)} to ${ratio.max.toFixed(2)})`,
    target: 'at most 1.00',
    isMet: ratio.median <= 1,
    details,
  };
}

function ratioTo(
  peer: string,
  rounds: readonly (readonly Sample[])[],
  of: (sample: Sample) => number,
): Spread {
  return spreadOf(
    rounds.map((samples) => {
      const other = samples.find(({ name }) => name === peer);
      const [gateway] = samples;
      return gateway === undefined || other === undefined ? NaN : of(gateway) / of(other);
    }),
  );
}

function lineOf(name: string, rounds: readonly (readonly Sample[])[]): string {
  const own = rounds.flatMap((samples) => samples.filter((each) => each.name === name));
  const spread = (of: (sample: Sample) => number): Spread => spreadOf(own.map(of));
  const cpu = spread(({ cpuMicros }) => cpuMicros);
  const words = [
    `${whole(cpu.median)} us CPU each (${whole(cpu.min)} to ${whole(cpu.max)})`,
    `p50 ${whole(spread(({ p50 }) => p50).median)} ms`,
    `p99 ${whole(spread(({ p99 }) => p99).median)} ms`,
    `${whole(spread(({ perSecond }) => perSecond).median)}/s`,
    `${whole(spread(({ resumed }) => resumed).median * 100)} % resumed`,
    `the generator used ${spread(({ generatorCores }) => generatorCores).median.toFixed(2)} cores`,
  ];
  return `${name}: ${words.join(', ')}`;
}
