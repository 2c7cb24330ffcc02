import { once } from 'node:events';
import { connect as connectPlain, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { connect as connectTls } from 'node:tls';
import type { GatewayProcess } from './gateway-process.js';
import { readRawAnswer } from './raw-exchange.js';

const EU = 'eu.onetime.localhost';
/** Of 127.0.8.0/24, which the gateway must take for balancers: `GATEWAY_PROXY_PROTOCOL_FROM`. */
const BALANCER = '127.0.8.1';
const PROXY_HEADER = 'PROXY TCP4 203.0.113.9 192.0.2.1 54321 443\r\n';

/** Of IPv4 and, where this machine has it, of IPv6. */
export const LOOPBACK_ADDRESSES: readonly string[] = [
  '127.0.0.1',
  '127.0.0.2',
  ...Object.values(networkInterfaces())
    .flatMap((found) => found ?? [])
    .filter(({ address }) => address === '::1')
    .map(({ address }) => address),
];

interface Way {
  readonly name: string;
  readonly port: number;
  readonly path: string;
  readonly isSecure?: boolean;
  readonly isBalanced?: boolean;
}

/** The variables that open every listener on these addresses. */
export function everyAddress(
  addresses: readonly string[],
  adminPort: number,
): Record<string, string> {
  const all = addresses.join(',');
  return {
    GATEWAY_BIND: all,
    GATEWAY_OPS_BIND: all,
    GATEWAY_ADMIN_BIND: all,
    GATEWAY_ADMIN_PORT: String(adminPort),
    GATEWAY_PROXY_PROTOCOL_FROM: '127.0.8.0/24',
  };
}

/** What answersOfEveryListener() gives when each listener answers on each address. */
export function answersOn(addresses: readonly string[]): Record<string, number[]> {
  const [all, four] = [addresses, addresses.filter((each) => !each.includes(':'))];
  return {
    https: all.map(() => 200),
    http: all.map(() => 403),
    ops: all.map(() => 200),
    ask: all.map(() => 200),
    admin: all.map(() => 200),
    'https balanced': four.map(() => 200),
    'http balanced': four.map(() => 403),
  };
}

interface Place {
  readonly host: string;
  readonly port: number;
}

/** A connection that sends nothing. Resolves when it is open, to what resolves when the gateway has ended it. */
export async function openUnused(place: Place): Promise<{ readonly ended: Promise<unknown> }> {
  const socket = connectPlain(place);
  await once(socket, 'connect');
  return endOf(socket);
}

/** The same for one that has had an answer. */
export async function openKept(place: Place): Promise<{ readonly ended: Promise<unknown> }> {
  const socket = connectPlain(place);
  await once(socket, 'connect');
  const answer = readRawAnswer(socket);
  socket.write(`GET /x HTTP/1.1\r\nHost: ${EU}\r\n\r\n`);
  await answer;
  return endOf(socket);
}

function endOf(socket: Socket): { readonly ended: Promise<unknown> } {
  socket.on('error', () => undefined).resume();
  return { ended: new Promise((resolve) => socket.once('close', resolve)) };
}

/** What each listener answers a new connection with, by address: the status, or how the connection failed. */
export async function answersOfEveryListener(
  { ca, ports }: GatewayProcess,
  addresses: readonly string[],
  adminPort: number,
): Promise<Record<string, (number | string)[]>> {
  const status = '/api/v1/status';
  const ways: Way[] = [
    { name: 'https', port: ports.https, path: status, isSecure: true },
    { name: 'http', port: ports.http, path: status },
    { name: 'ops', port: ports.ops, path: '/readyz' },
    { name: 'ask', port: ports.ops, path: `/api/internal/caddy/ask?domain=${EU}` },
    { name: 'admin', port: adminPort, path: '/admin/v1/openapi.json', isSecure: true },
    { name: 'https balanced', port: ports.https, path: status, isSecure: true, isBalanced: true },
    { name: 'http balanced', port: ports.http, path: status, isBalanced: true },
  ];
  const answers = ways.map(async (way) => {
    // A balancer of 127.0.8.1 reaches the addresses of IPv4.
    const reached = addresses.filter((address) => !way.isBalanced || !address.includes(':'));
    return [way.name, await Promise.all(reached.map((each) => statusAt(each, way, ca)))] as const;
  });
  return Object.fromEntries(await Promise.all(answers));
}

async function statusAt(host: string, way: Way, ca: string): Promise<number | string> {
  const { isBalanced = false, isSecure = false, path, port } = way;
  const raw = connectPlain({ host, port, ...(isBalanced && { localAddress: BALANCER }) });
  try {
    await once(raw, 'connect');
    if (isBalanced) raw.write(PROXY_HEADER);
    const socket = isSecure ? await shakeHands(raw, way, ca) : raw;
    const answer = readRawAnswer(socket);
    const name = way.name === 'admin' ? 'admin.onetime.localhost' : EU;
    socket.write(`GET ${path} HTTP/1.1\r\nHost: ${name}\r\n\r\n`);
    return (await answer).status;
  } catch (error) {
    return String(error);
  } finally {
    raw.on('error', () => undefined).destroy();
  }
}

async function shakeHands(raw: Socket, { name }: Way, ca: string): Promise<Socket> {
  const servername = name === 'admin' ? 'admin.onetime.localhost' : EU;
  const socket = connectTls({ socket: raw, servername, ca, ALPNProtocols: ['http/1.1'] });
  await once(socket, 'secureConnect');
  return socket;
}
