import type { Comparison, Figures, Spread } from './comparison.js';

/** A measured value with its target. */
export interface Result {
  readonly question: string;
  /** The measured value as text, such as `0.71 (0.68 to 0.73)`. */
  readonly reached: string;
  readonly target: string;
  /** Null: a figure to compare with, without a target. */
  readonly isMet: boolean | null;
  /** The figures behind the value. */
  readonly details: readonly string[];
}

/** A server that uses less of its core than this was waiting for the load generator. */
const BUSY_CORES = 0.9;

export interface Question {
  readonly question: string;
  readonly unit: string;
  readonly peerName: string;
  readonly target: number;
}

/**
 * Compares throughput when both servers used their whole core. Otherwise something else was the limit, usually the load
 * generator, and the CPU times are compared.
 */
export function ratioResult(
  { question, unit, peerName, target }: Question,
  comparison: Comparison,
): Result {
  const { gateway, peer, byThroughput, byCpu } = comparison;
  const hadTimeLeft = Math.min(gateway.cores.median, peer.cores.median) < BUSY_CORES;
  const ratio = hadTimeLeft ? byCpu : byThroughput;
  const why = hadTimeLeft
    ? 'by CPU time: the servers did not use their whole core'
    : 'by throughput: the servers were the limit';
  return ratioOf(ratio, { question, target }, [
    figuresLine('gateway', unit, gateway),
    figuresLine(peerName, unit, peer),
    `ratio by throughput ${spread(byThroughput)}, by CPU time ${spread(byCpu)}; it counts ${why}`,
  ]);
}

/** Compares throughput in every case, for two servers that share a limit such as the database. */
export function throughputResult(
  { question, unit, peerName, target }: Question,
  { gateway, peer, byThroughput, byCpu }: Comparison,
): Result {
  return ratioOf(byThroughput, { question, target }, [
    figuresLine('gateway', unit, gateway),
    figuresLine(peerName, unit, peer),
    `ratio by throughput ${spread(byThroughput)}, which counts; by CPU time ${spread(byCpu)}`,
    ...databaseRatio(gateway, peer),
  ]);
}

/** What decides when there are cores enough for more processes: the database has none of its own. */
function databaseRatio(gateway: Figures, peer: Figures): string[] {
  if (gateway.databaseMicros === null || peer.databaseMicros === null) return [];
  const ratio = peer.databaseMicros.median / gateway.databaseMicros.median;
  return [`ratio by CPU time of PostgreSQL ${ratio.toFixed(2)}, of the medians`];
}

/** Compares the gateway's CPU time for one operation with a number of microseconds, and prints its peer beside it. */
export function processorResult(
  { question, unit, peerName, target }: Question,
  { gateway, peer, byCpu }: Comparison,
): Result {
  const { median, min, max } = gateway.cpuMicros;
  return {
    question,
    reached: `${whole(median)} us CPU (${whole(min)} to ${whole(max)})`,
    target: `at most ${whole(target)} us`,
    isMet: median <= target,
    details: [
      figuresLine('gateway', unit, gateway),
      figuresLine(peerName, unit, peer),
      `ratio by CPU time ${spread(byCpu)}`,
    ],
  };
}

function ratioOf(
  ratio: Spread,
  { question, target }: Pick<Question, 'question' | 'target'>,
  details: readonly string[],
): Result {
  return {
    question,
    reached: spread(ratio),
    target: `at least ${target.toFixed(2)}`,
    isMet: ratio.median >= target,
    details,
  };
}

export function figuresLine(
  name: string,
  unit: string,
  { perSecond, cpuMicros, databaseMicros, cores }: Figures,
): string {
  const rate = `${whole(perSecond.median)} ${unit}/s (${whole(perSecond.min)} to ${whole(perSecond.max)})`;
  const cpu = `${whole(cpuMicros.median)} us CPU each (${whole(cpuMicros.min)} to ${whole(cpuMicros.max)})`;
  const database =
    databaseMicros === null ? '' : `, ${whole(databaseMicros.median)} us CPU of PostgreSQL each`;
  return `${name}: ${rate}, ${cpu}, ${cores.median.toFixed(2)} cores${database}`;
}

export function spread({ median, min, max }: Spread): string {
  return `${median.toFixed(2)} (${min.toFixed(2)} to ${max.toFixed(2)})`;
}

export function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

export function printResult({ details }: Result): void {
  for (const line of details) console.log(`  ${line}`);
}

/** All results, one line each. */
export function printTable(results: readonly Result[]): void {
  const rows = results.map(({ question, reached, target, isMet }) => [
    question,
    reached,
    target,
    isMet === null ? '' : isMet ? 'met' : 'MISSED',
  ]);
  const table = [['question', 'reached', 'target', ''], ...rows];
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(...table.map((row) => row[column]?.length ?? 0)),
  );
  console.log('');
  for (const row of table) {
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
  }
}
