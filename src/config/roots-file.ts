import { readFileSync } from 'node:fs';
import type { ConfigProblem } from './config-problem.js';

/** The PEM of a file with root certificates; null: it has none, or cannot be read. Adds to `problems` then. */
export function readRoots(
  variable: string,
  path: string,
  problems: ConfigProblem[],
): string | null {
  const pem = readIfThere(path);
  if (pem.includes('-----BEGIN CERTIFICATE-----')) return pem;
  problems.push({ variable, message: 'expected a readable PEM file with a certificate in it' });
  return null;
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
