import { Random } from './random.js';

const SEEDS = 2 ** 31;

/** How much this run does: the short form is part of `npm test`, the long one is `npm run test:faults`. */
export interface FaultRun {
  readonly isLong: boolean;
  readonly random: Random;
  /** Processes to kill. */
  readonly kills: number;
}

/** From `FAULTS=long`, `FAULTS_SEED` and `FAULTS_KILLS`. */
export function faultRun(): FaultRun {
  const { FAULTS, FAULTS_SEED, FAULTS_KILLS } = process.env;
  const isLong = FAULTS === 'long';
  const seed = FAULTS_SEED === undefined ? Math.floor(Math.random() * SEEDS) : Number(FAULTS_SEED);
  const kills = FAULTS_KILLS === undefined ? (isLong ? 1000 : 6) : Number(FAULTS_KILLS);
  return { isLong, random: new Random(seed), kills };
}

/** One line of what the run did: jest's own console adds a stack to each. */
export function say(line: string): void {
  process.stdout.write(`faults: ${line}\n`);
}
