import { readdirSync } from 'node:fs';
import { Gauge, type Registry } from 'prom-client';
import { descriptorLimit } from './connection-limits.js';

/**
 * How many file descriptors the process may still open. Without one the system closes new connections before anybody
 * sees them, and nothing is connected to. Missing where the system does not tell.
 */
export function observeDescriptors(registry: Registry): void {
  if (descriptorLimit() === Infinity) return;
  registry.registerMetric(
    new Gauge({
      name: 'gateway_descriptors_left',
      help: 'File descriptors that the process may still open; of several workers, of the one with the fewest',
      registers: [],
      collect() {
        this.set(descriptorsLeft());
      },
    }),
  );
}

/** To look takes a descriptor: where there is none, none is left. */
function descriptorsLeft(): number {
  try {
    const open = readdirSync('/proc/self/fd').length;
    return Math.max(0, descriptorLimit() - open);
  } catch {
    return 0;
  }
}
