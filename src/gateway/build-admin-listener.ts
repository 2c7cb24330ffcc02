import type { Config } from '../config/config.js';
import type { RequestJournal } from '../region/request-journal.js';
import { NetworkList } from '../shared/network.js';
import { AdminListener } from './admin-listener.js';
import { Admission } from './admission.js';
import { ConnectionGate } from './connection-gate.js';
import { CONNECTION_LIMITS } from './connection-limits.js';
import type { EdgeJournal } from './edge-journal.js';
import type { HostTable } from './host-table.js';

interface AdminParts {
  readonly journal: EdgeJournal;
  readonly requests: RequestJournal;
  readonly hosts: HostTable;
}

/** Null: the operator's API is off. */
export function buildAdminListener(
  { admin, served, limits }: Config,
  { journal, requests, hosts }: AdminParts,
): AdminListener | null {
  if (admin === null) return null;
  const nobody = new NetworkList([]);
  const gate = new ConnectionGate({
    limits: CONNECTION_LIMITS,
    max: CONNECTION_LIMITS.adminMax,
    trustedProxies: nobody,
    limitsNetworks: limits !== null,
    hasHandshakes: true,
  });
  return new AdminListener({
    journal,
    requests,
    admission: new Admission({ listener: 'admin', journal, proxies: nobody, gate }),
    cells: () => hosts.cells,
    served: served.map(({ region }) => region),
    isOwn: (hostname) => hosts.isOwn(hostname),
  });
}
