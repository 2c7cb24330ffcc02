import { Client } from 'pg';
import type { FaultScene } from './fault-scene.js';

/** A fault of the database that begins and ends while the gateway runs. */
export interface DatabaseFault {
  readonly name: string;
  /** The state in `/readyz`; null: the gateway's own session still writes. */
  readonly state: string | null;
  begin(scene: FaultScene): Promise<unknown>;
  end(scene: FaultScene): Promise<unknown>;
}

const OWN_SESSIONS = `select pg_terminate_backend(pid) from pg_stat_activity
  where application_name like 'onetime-gateway%'`;

const limitConnections = (limit: number) => `alter role onetime_eu connection limit ${limit}`;

const setReadOnly = (value: 'on' | 'off') => [
  `alter system set default_transaction_read_only = ${value}`,
  'select pg_reload_conf()',
];

/** A session that somebody has left open, such as that of an operator. */
function lockedTables(): Pick<DatabaseFault, 'begin' | 'end'> {
  let session: Client | null = null;
  return {
    begin: async ({ database }) => {
      session = new Client({ connectionString: database.urlOf('eu') });
      await session.connect();
      await session.query('begin; lock table secrets, receipts in access exclusive mode');
    },
    end: async () => session?.end(),
  };
}

export const DATABASE_FAULTS: readonly DatabaseFault[] = [
  {
    name: 'is gone',
    state: 'database unreachable',
    begin: ({ database }) => database.kill(),
    end: ({ database }) => database.restart(),
  },
  {
    name: 'hangs',
    state: 'database unreachable',
    begin: async ({ database }) => database.freeze(),
    end: async ({ database }) => database.thaw(),
  },
  {
    name: 'is behind a network that swallows everything',
    state: 'database unreachable',
    begin: async ({ network }) => network.swallow(),
    // What was open stays silent for ever, as behind a firewall that has forgotten it.
    end: async ({ network }) => network.passNew(),
  },
  {
    name: 'has tables that somebody has locked',
    state: null,
    ...lockedTables(),
  },
  {
    name: 'takes no writes after a failover',
    state: 'database read-only',
    begin: ({ database }) => database.asAdmin(...setReadOnly('on')),
    end: ({ database }) => database.asAdmin(...setReadOnly('off')),
  },
  {
    name: 'has no connection left for us',
    state: 'database out of connections',
    // As when other sessions have all of them, but without a race for the one that we give back.
    begin: ({ database }) => database.asAdmin(limitConnections(0), OWN_SESSIONS),
    end: ({ database }) => database.asAdmin(limitConnections(-1)),
  },
];
