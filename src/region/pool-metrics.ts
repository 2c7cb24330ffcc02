import { Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { Gauge, Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { ClaimConnections } from '../database/claim-connections.js';
import { FairPool } from '../database/fair-pool.js';
import { poolOf } from '../database/statements.js';

type Measure = (pool: Pool) => number;

const GAUGES: readonly { name: string; help: string; measure: Measure }[] = [
  {
    name: 'gateway_database_pool_limit',
    help: 'Connections that the pool may have',
    measure: ({ options }) => options.max,
  },
  {
    name: 'gateway_database_pool_size',
    help: 'Connections that the pool has',
    measure: ({ totalCount }) => totalCount,
  },
  {
    name: 'gateway_database_pool_idle',
    help: 'Connections of the pool that are not in use',
    measure: ({ idleCount }) => idleCount,
  },
  {
    name: 'gateway_database_pool_waiting',
    help: 'Requests that have a place in the pool and wait for its server to accept a connection',
    measure: ({ waitingCount }) => waitingCount,
  },
  {
    name: 'gateway_database_pool_line',
    help: 'Requests in the line in front of the pool, because all of its connections are in use',
    measure: (pool) => (pool instanceof FairPool ? pool.lineLength : 0),
  },
];

/** Adds to the cell's metrics how its pools of database connections are used. */
@Injectable()
export class PoolMetrics {
  constructor(registry: Registry, dataSource: DataSource, claims: ClaimConnections) {
    for (const { measure, ...rest } of GAUGES) {
      const gauge: Gauge<'pool'> = new Gauge({
        ...rest,
        labelNames: ['pool'],
        registers: [registry],
        collect: () => {
          if (dataSource.isInitialized) gauge.set({ pool: 'main' }, measure(poolOf(dataSource)));
          // Only with GATEWAY_SYNC_CLAIMS.
          if (claims.pool !== null) gauge.set({ pool: 'claims' }, measure(claims.pool));
        },
      });
    }
  }
}
