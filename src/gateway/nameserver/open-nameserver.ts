import type { Registry } from 'prom-client';
import type { Config } from '../../config/config.js';
import type { Listener } from '../../config/listeners.js';
import { acmeZone } from '../../dns/delegation-offer.js';
import type { ListenerJournal } from '../edge-journal.js';
import type { LookupLimiter } from '../lookup-limiter.js';
import { Nameserver, type NameserverCell, type NameserverZone } from './nameserver.js';
import { NameserverJournal } from './nameserver-journal.js';
import { nameserverLimitsOf } from './nameserver-limits.js';
import { QuestionBudget } from './question-budget.js';
import { TcpListener } from './tcp-listener.js';
import { UdpSockets } from './udp-sockets.js';

type NameserverConfig = Pick<Config, 'baseDomain' | 'limits' | 'nameserver' | 'served' | 'workers'>;

interface Parts {
  readonly metrics: Registry;
  readonly edge: ListenerJournal;
  readonly cells: () => readonly NameserverCell[];
  readonly limiter: LookupLimiter;
}

export interface OpenNameserver {
  readonly port: number;
  close(): Promise<void>;
}

/** Opens the name server on its port, UDP and TCP, for all cells of the process. */
export type OpenNameserverSockets = (isShared: boolean) => Promise<OpenNameserver>;

/**
 * Null: the process has none. Its metrics are there from the start.
 * @throws ConfigError, when it is opened, that names the variable of an address that cannot be bound
 */
export function prepareNameserver(
  config: NameserverConfig,
  { metrics, edge, cells, limiter }: Parts,
): OpenNameserverSockets | null {
  const { nameserver: listener, workers } = config;
  if (listener === null) return null;
  const limitsNetworks = config.limits !== null;
  const limits = nameserverLimitsOf(workers);
  const journal = new NameserverJournal(metrics, edge);
  const nameserver = new Nameserver({
    zones: zonesOf(config),
    cells,
    limits,
    budget: limitsNetworks ? new QuestionBudget({ limits, limiter }) : null,
    journal,
  });
  const parts = { nameserver, journal, limits, limitsNetworks };
  return (isShared) => open(listener, isShared, parts);
}

function zonesOf({ baseDomain, served }: NameserverConfig): NameserverZone[] {
  return served.flatMap(({ region, nameServers }) => {
    const [first, ...others] = nameServers;
    if (first === undefined) return [];
    const name = acmeZone(region, baseDomain);
    return [{ region, name, nameServers: [first, ...others], contact: `hostmaster.${baseDomain}` }];
  });
}

async function open(
  listener: Listener,
  isShared: boolean,
  parts: ConstructorParameters<typeof TcpListener>[0] & Parameters<typeof UdpSockets.open>[2],
): Promise<OpenNameserver> {
  const tcp = new TcpListener(parts);
  const port = await tcp.listen(listener, { isShared });
  try {
    const udp = await UdpSockets.open({ ...listener, port }, { isShared }, parts);
    const close = async (): Promise<void> => {
      await Promise.all([tcp.close(), udp.close()]);
    };
    return { port, close };
  } catch (error) {
    await tcp.close();
    throw error;
  }
}
