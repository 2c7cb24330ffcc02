import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** Of the young generation, both halves. Under a flood V8 lets it grow to twice that. */
const YOUNG_MAX = 64 * 1024 * 1024;

/**
 * Keeps the young generation at its first size, 1 MB for each half. While modules are loaded it would grow to 16 times
 * that and stay so: 60 MB of an idle process.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}

/**
 * Called when the process serves. The young generation may grow again, as requests need it, up to a limit. By default V8
 * lets the old one double before a collection; a growth of 30 % keeps the process a third smaller, and during the load
 * costs a fifth of it.
 */
export function limitHeapGrowth(): void {
  setFlagsFromString('--heap-growing-percent=30');
  letYoungGrow();
}

/** V8's limit for it can only be given when a process starts; how fast it grows is asked at each collection. */
function letYoungGrow(): void {
  let mayGrow = true;
  setFlagsFromString('--semi-space-growth-factor=2');
  new PerformanceObserver(() => {
    if (isYoungSmall() === mayGrow) return;
    mayGrow = !mayGrow;
    setFlagsFromString(`--semi-space-growth-factor=${mayGrow ? 2 : 1}`);
  }).observe({ type: 'gc' });
}

function isYoungSmall(): boolean {
  const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space');
  return young === undefined || young.space_size < YOUNG_MAX;
}
