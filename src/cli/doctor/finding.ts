import { setTimeout as delay } from 'node:timers/promises';
import type { Region } from '../../config/region.js';
import { SECOND } from '../../shared/durations.js';

/** `note`: worth knowing, or what this command cannot see. Only `bad` makes the exit code 1. */
export type Verdict = 'good' | 'note' | 'bad';

/** One line of the doctor: what was found and, unless it is good, what to do. */
export interface Finding {
  readonly verdict: Verdict;
  readonly found: string;
  readonly action: string | null;
}

export interface Line extends Finding {
  /** Null: of the process, not of one region. */
  readonly region: Region | null;
  readonly check: string;
}

export interface Check {
  readonly name: string;
  readonly region: Region | null;
  /** @param signal aborts at the deadline */
  readonly run: (signal: AbortSignal) => Promise<readonly Finding[]>;
  /** What to do when the check itself fails or does not end. */
  readonly ifItFails: string;
  /** In milliseconds; default: DEADLINE. */
  readonly deadlineMs?: number;
}

const DEADLINE = 10 * SECOND;

export function good(found: string): Finding {
  return { verdict: 'good', found, action: null };
}

/** @param action what to do, or why there is nothing to do */
export function note(found: string, action: string): Finding {
  return { verdict: 'note', found, action };
}

export function bad(found: string, action: string): Finding {
  return { verdict: 'bad', found, action };
}

/** Runs all checks side by side. One that fails or does not end in time is a line too, and does not stop the others. */
export async function runChecks(checks: readonly Check[]): Promise<Line[]> {
  const lines = await Promise.all(checks.map(linesOf));
  return lines.flat();
}

async function linesOf(check: Check): Promise<Line[]> {
  const { name, region, run, ifItFails, deadlineMs = DEADLINE } = check;
  const ended = new AbortController();
  const late = delay(deadlineMs, null, { signal: ended.signal }).then(
    () => [bad(`no result within ${deadlineMs / SECOND} s`, ifItFails)],
    () => [],
  );
  const signal = AbortSignal.any([ended.signal, AbortSignal.timeout(deadlineMs)]);
  try {
    const findings = await Promise.race([run(signal), late]);
    return findings.map((finding) => ({ region, check: name, ...finding }));
  } catch (error) {
    return [{ region, check: name, ...bad(`failed: ${reasonOf(error)}`, ifItFails) }];
  } finally {
    ended.abort();
  }
}

/** The first message in the chain of causes that says something. */
export function reasonOf(error: unknown): string {
  const { message, code, errors } = error as Error & {
    readonly code?: string;
    readonly errors?: readonly unknown[];
  };
  if (message) return message;
  if (errors?.[0] !== undefined) return reasonOf(errors[0]);
  return code ?? 'no reason given';
}
