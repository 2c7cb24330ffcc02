import { constants, PerformanceObserver, type PerformanceNodeEntry } from 'node:perf_hooks';
import { getHeapSpaceStatistics, getHeapStatistics, setFlagsFromString } from 'node:v8';

const MB = 1024 * 1024;
/** Of the young generation, both halves. Under a flood V8 lets it grow to twice that. */
const YOUNG_MAX = 64 * MB;
/** Of the old generation: by how much of what is alive it may grow between two collections. */
const OLD_GROWTH_PERCENT = 30;
/**
 * As many bytes it may grow by at least: a collection takes some 60 ms, however little is dead. Of the 40 MB of a process
 * with few domains 30 % are soon full.
 */
const OLD_GROWTH_LEAST = 32 * MB;

/**
 * Keeps the young generation at its first size, 1 MB for each half. While modules are loaded it would grow to 16 times
 * that and stay so: 60 MB of an idle process.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}

/**
 * Called when the process serves. The young generation may grow again, as requests need it, up to a limit. By default V8
 * lets the old one double before a collection; a limit to that keeps a process with many domains a third smaller.
 * V8's limits can only be given when a process starts; how fast the generations grow is asked at each collection.
 */
export function limitHeapGrowth(): void {
  let mayYoungGrow = true;
  setFlagsFromString('--semi-space-growth-factor=2');
  limitOldGrowth();
  new PerformanceObserver((list) => {
    if ((list.getEntries() as PerformanceNodeEntry[]).some(isOfOld)) limitOldGrowth();
    if (isYoungSmall() === mayYoungGrow) return;
    mayYoungGrow = !mayYoungGrow;
    setFlagsFromString(`--semi-space-growth-factor=${mayYoungGrow ? 2 : 1}`);
  }).observe({ type: 'gc' });
}

/** Right after a collection of the old generation: what is used is alive. */
function limitOldGrowth(): void {
  const { used_heap_size: used } = getHeapStatistics();
  const percent = Math.max(OLD_GROWTH_PERCENT, Math.ceil((OLD_GROWTH_LEAST / used) * 100));
  setFlagsFromString(`--heap-growing-percent=${percent}`);
}

function isOfOld({ detail }: PerformanceNodeEntry): boolean {
  const { kind } = detail as { readonly kind?: number };
  return kind === constants.NODE_PERFORMANCE_GC_MAJOR;
}

function isYoungSmall(): boolean {
  const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space');
  return young === undefined || young.space_size < YOUNG_MAX;
}
