import { Injectable } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';
import { ClockWatch } from '../database/clock-watch.js';

/** Adds to the cell's metrics how far this host's clock is from others. */
@Injectable()
export class ClockMetrics {
  readonly #skew: Gauge<'clock'>;

  constructor(
    registry: Registry,
    private readonly watch: ClockWatch,
  ) {
    this.#skew = new Gauge({
      name: 'gateway_clock_skew_seconds',
      help: "This host's clock minus the database's, or a CA's",
      labelNames: ['clock'],
      registers: [registry],
      collect: () => this.#measure(),
    });
  }

  #measure(): void {
    for (const [clock, seconds] of this.watch.skews) this.#skew.set({ clock }, seconds);
  }
}
