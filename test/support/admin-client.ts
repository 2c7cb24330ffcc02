import { freePorts } from '../../demo/free-ports.js';
import type { GatewayProcess } from './gateway-process.js';
import { call, type Answer, type Target } from './https-client.js';

export const ADMIN_HOST = 'admin.onetime.localhost';

/** The variable that opens the admin listener on a free port. */
export async function adminPort(): Promise<{ readonly GATEWAY_ADMIN_PORT: string }> {
  const [port = 0] = await freePorts(1);
  return { GATEWAY_ADMIN_PORT: String(port) };
}

export interface AdminCall {
  readonly method?: string;
  readonly key?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly region?: string;
}

/** A client of the operator's API of one gateway. */
export class AdminClient {
  constructor(
    private readonly gateway: GatewayProcess,
    readonly port: number,
    readonly key: string | null = null,
  ) {}

  get target(): Target {
    return { host: ADMIN_HOST, port: this.port, ca: this.gateway.ca };
  }

  /** @param path below the region */
  call(path: string, request: AdminCall = {}): Promise<Answer> {
    const key = request.key ?? this.key;
    return sendAdmin(this.target, `/admin/v1/regions/${request.region ?? 'eu'}${path}`, {
      ...request,
      ...(key === null ? {} : { key }),
    });
  }
}

/** One request to the operator's API, wherever it is sent. */
export function sendAdmin(
  target: Target,
  path: string,
  { method, key, body, headers }: AdminCall,
): Promise<Answer> {
  return call(target, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    path,
    headers: {
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

/** Makes a key at the command line. */
export function makeKey(
  gateway: GatewayProcess,
  name: string,
  ...options: string[]
): Promise<string> {
  return makeKeyIn('eu', gateway, name, ...options);
}

export async function makeKeyIn(
  region: string,
  gateway: GatewayProcess,
  name: string,
  ...options: string[]
): Promise<string> {
  const words = ['admin-key', 'create', '--region', region, '--name', name, ...options, '--json'];
  const { code, stdout, stderr } = await gateway.command(...words);
  if (code !== 0) throw new Error(`admin-key create failed: ${stderr}`);
  return (JSON.parse(stdout) as { key: string }).key;
}
