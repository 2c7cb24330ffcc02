import { Injectable } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';
import { Statements, type Statement } from '../database/statements.js';
import { atMostEvery } from '../shared/at-most-every.js';
import { SECOND } from '../shared/durations.js';

/** Scrapes within this time get the same numbers. */
const FRESH_FOR = 10 * SECOND;
/** More are not looked at. */
const LOOKED_AT_MAX = 5000;

interface Measure {
  readonly name: string;
  readonly help: string;
  readonly statement: Statement;
}

const age = (instant: string): string =>
  `coalesce(greatest(extract(epoch from now() - min(${instant})), 0), 0)::float8`;

// Each reads the first rows of an index, so a long queue costs what a short one does.
const MEASURES: readonly Measure[] = [
  {
    name: 'gateway_issuance_late_seconds',
    help: 'How long the name that has waited longest for its certificate to be worked on has been due',
    statement: {
      name: 'metrics_issuance_late',
      text: `
        select ${age('next_at')} as value from (
          (select next_at from issuances where is_urgent and next_at is not null order by next_at limit 1)
          union all
          (select next_at from issuances where not is_urgent and next_at is not null order by next_at limit 1)
        ) as first`,
    },
  },
  {
    name: 'gateway_domain_check_late_seconds',
    help: 'How long the domain that has waited longest for a check of its DNS has been due',
    statement: {
      name: 'metrics_domain_check_late',
      text: `
        select ${age('next_check_at')} as value from (
          select next_check_at from domains where removed_at is null order by next_check_at limit 1
        ) as first`,
    },
  },
  {
    name: 'gateway_outbox_late_seconds',
    help: 'How long ago the oldest event happened that a reader of the outbox has not read',
    statement: {
      name: 'metrics_outbox_late',
      text: `
        select ${age('at')} as value from (
          (select at from outbox where position is null order by id limit 1)
          union all
          (select at from outbox where position > (select min(position) from outbox_readers) order by position limit 1)
        ) as first`,
    },
  },
  {
    // `urgent_at`: a sixth of the lifetime is left, half of the margin with which renewals begin.
    name: 'gateway_certificates_overdue',
    help: 'Certificates that are not renewed though less than half of the margin for it is left, up to 5000',
    statement: {
      name: 'metrics_certificates_overdue',
      text: `
        select count(*)::float8 as value from (
          (
            select state, source, urgent_at from issuances
            where is_urgent and next_at is not null order by next_at limit ${LOOKED_AT_MAX}
          ) union all (
            select state, source, urgent_at from issuances
            where not is_urgent and urgent_at <= now() order by urgent_at limit ${LOOKED_AT_MAX}
          )
        ) as i
        where urgent_at <= now() and source <> 'uploaded' and state in ('active', 'renewing', 'degraded')`,
    },
  },
];

/** Adds to the cell's metrics how late its background work is. NaN when the database cannot be asked. */
@Injectable()
export class BacklogMetrics {
  constructor(registry: Registry, statements: Statements) {
    for (const { name, help, statement } of MEASURES) {
      const gauge: Gauge = new Gauge({
        name,
        help,
        registers: [registry],
        collect: atMostEvery(
          FRESH_FOR,
          async () => {
            const [row] = await statements.run<{ value: number }>(statement, []);
            gauge.set(row?.value ?? Number.NaN);
          },
          () => gauge.set(Number.NaN),
        ),
      });
    }
  }
}
