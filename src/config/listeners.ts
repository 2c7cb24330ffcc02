import { readAdminTls, type AdminTlsFiles } from './admin-tls.js';
import { orphans, type ConfigProblem } from './config-problem.js';
import type { EnvironmentValues } from './config.schema.js';

const DNS_PORT = 53;

export interface Listener {
  readonly addresses: readonly string[];
  readonly port: number;
  /** The variables that they come from. */
  readonly variables: { readonly bind: string; readonly port: string };
}

interface Listeners {
  readonly https: Listener;
  readonly http: Listener;
  readonly ops: Listener;
  /** Null: the operator's API is off. */
  readonly admin: Listener | null;
  readonly adminTls: AdminTlsFiles | null;
  /** Null: the process answers no DNS. */
  readonly nameserver: Listener | null;
}

interface ListenerNeeds {
  readonly hasLocalAuthority: boolean;
  readonly served: readonly { readonly nameServers: readonly unknown[] }[];
}

/** The listeners of the process. Adds to `problems` when two of them want the same port of one address. */
export function readListeners(
  values: EnvironmentValues,
  { hasLocalAuthority, served }: ListenerNeeds,
  problems: ConfigProblem[],
): Listeners {
  const https = {
    addresses: values.GATEWAY_BIND,
    port: values.GATEWAY_HTTPS_PORT,
    variables: { bind: 'GATEWAY_BIND', port: 'GATEWAY_HTTPS_PORT' },
  };
  const http = {
    addresses: values.GATEWAY_BIND,
    port: values.GATEWAY_HTTP_PORT,
    variables: { bind: 'GATEWAY_BIND', port: 'GATEWAY_HTTP_PORT' },
  };
  const ops = {
    addresses: values.GATEWAY_OPS_BIND,
    port: values.GATEWAY_OPS_PORT,
    variables: { bind: 'GATEWAY_OPS_BIND', port: 'GATEWAY_OPS_PORT' },
  };
  const admin = adminListener(values);
  const hasNameServers = served.some(({ nameServers }) => nameServers.length > 0);
  const nameserver = nameserverListener(values, hasNameServers, problems);
  const all = [https, http, ops, admin, nameserver].filter((each) => each !== null);
  for (const [index, later] of all.entries()) {
    for (const earlier of all.slice(0, index)) {
      if (!collide(earlier, later)) continue;
      const message = `expected another port than ${earlier.variables.port}, which is ${earlier.port} too`;
      problems.push({ variable: later.variables.port, message });
    }
  }
  const adminTls = readAdminTls(values, hasLocalAuthority, problems);
  return { https, http, ops, admin, adminTls, nameserver };
}

function adminListener(values: EnvironmentValues): Listener | null {
  if (values.GATEWAY_ADMIN_PORT === undefined) return null;
  return {
    addresses: values.GATEWAY_ADMIN_BIND,
    port: values.GATEWAY_ADMIN_PORT,
    variables: { bind: 'GATEWAY_ADMIN_BIND', port: 'GATEWAY_ADMIN_PORT' },
  };
}

/** Beside the public listeners; but a process that only works answers nobody. */
function nameserverListener(
  values: EnvironmentValues,
  hasNameServers: boolean,
  problems: ConfigProblem[],
): Listener | null {
  const variables = { bind: 'GATEWAY_NAMESERVER_BIND', port: 'GATEWAY_NAMESERVER_PORT' } as const;
  if (!hasNameServers) {
    const given = Object.values(variables).filter((variable) => values[variable] !== undefined);
    problems.push(...orphans(given, 'GATEWAY_NAMESERVERS_ of a served region'));
    return null;
  }
  if (values.GATEWAY_ROLE === 'work') return null;
  return {
    addresses: values.GATEWAY_NAMESERVER_BIND ?? values.GATEWAY_BIND,
    port: values.GATEWAY_NAMESERVER_PORT ?? DNS_PORT,
    variables,
  };
}

export function isAnyAddress(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}

function collide(one: Listener, other: Listener): boolean {
  if (one.port !== other.port) return false;
  return one.addresses.some((address) =>
    other.addresses.some(
      (beside) => isAnyAddress(address) || isAnyAddress(beside) || address === beside,
    ),
  );
}
