import { setFlagsFromString } from 'node:v8';

/**
 * Keeps the young generation at its first size, 1 MB for each half. While modules are loaded it would grow to 16 times
 * that and stay so: 60 MB of an idle process.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}

/**
 * Called when the process serves. The young generation may grow again, as requests need it. By default V8 lets the old one
 * double before a collection; a growth of 30 % keeps the process a third smaller, and during the load costs a fifth of it.
 */
export function limitHeapGrowth(): void {
  setFlagsFromString('--semi-space-growth-factor=2');
  setFlagsFromString('--heap-growing-percent=30');
}
