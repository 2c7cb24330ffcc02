import { Gauge, type Registry } from 'prom-client';
import { programVersion } from '../config/program-version.js';

/** Adds to the metrics of the process what runs in it. */
export function publishBuildInfo(registry: Registry): void {
  const info = new Gauge({
    name: 'gateway_build_info',
    help: 'Always 1; the labels are the versions of the gateway and of Node',
    labelNames: ['version', 'node_version'],
    registers: [registry],
  });
  info.set({ version: programVersion(), node_version: process.version }, 1);
}
