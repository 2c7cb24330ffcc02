import { Injectable } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';
import { ProgressStreams } from '../setup/progress-streams.js';

/** Adds to the cell's metrics how many set-up pages are watched. */
@Injectable()
export class SetupMetrics {
  constructor(registry: Registry, streams: ProgressStreams) {
    const gauge: Gauge = new Gauge({
      name: 'gateway_setup_streams',
      help: 'Open streams of events about the set-up of a domain',
      registers: [registry],
      collect: () => gauge.set(streams.size),
    });
  }
}
