import type { EventEmitter } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import { createServer, Server, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { ConfigError } from '../config/config-error.js';
import type { Listener } from '../config/listeners.js';
import { Members } from '../shared/members.js';
import { clientBytesRead } from './read-proxy-header.js';

/** In milliseconds: how often a server that stops looks for connections that have become idle. */
export const IDLE_CLOSE_INTERVAL = 100;

/** A server that listens on all addresses of its listener. */
export interface Listening {
  readonly port: number;
  /** One for each address. */
  readonly servers: readonly Server[];
  /**
   * Leaves the connections as they are, where the server's own close() would end those that are idle. Resolves when the
   * last one is closed.
   */
  stopAccepting(): Promise<void>;
}

export interface ListenOptions {
  /** Whether other processes of this user may listen on the same port. The kernel divides the connections. */
  readonly isShared?: boolean;
  /** Sockets of another process that listen on these addresses. Without one for each they are not used. */
  readonly inherited?: readonly Server[];
}

/**
 * Listens on each address of the listener; all connections become the server's. A port 0 is chosen once.
 * @throws ConfigError that names the variable when an address cannot be bound
 */
export async function listen(
  server: Server,
  listener: Listener,
  { isShared = false, inherited = [] }: ListenOptions = {},
): Promise<Listening> {
  if (inherited.length === listener.addresses.length) return takeOver(server, inherited);
  for (const unused of inherited) unused.close();
  const [first = '127.0.0.1', ...others] = listener.addresses;
  await bind(server, { ...listener, isShared, address: first });
  const { port } = server.address() as AddressInfo;
  const servers = [server];
  const stopAccepting = async (): Promise<void> => {
    await Promise.all(servers.map(closed));
  };
  try {
    for (const address of others) {
      // As http and tls servers accept: a client that has sent its last byte still gets its answer.
      const beside = createServer({ allowHalfOpen: true, noDelay: true });
      beside.on('connection', (socket) => server.emit('connection', socket));
      await bind(beside, { ...listener, isShared, address, port });
      passAcceptFailures(beside, server);
      servers.push(beside);
    }
  } catch (error) {
    await stopAccepting();
    throw error;
  }
  return { port, servers, stopAccepting };
}

/** The first socket becomes the server's own, whose time-outs begin when it listens. */
async function takeOver(server: Server, inherited: readonly Server[]): Promise<Listening> {
  const [first, ...others] = inherited;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(first, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { port } = server.address() as AddressInfo;
  for (const other of others) passAcceptFailures(other, server);
  const servers = [server, ...others];
  const stopAccepting = async (): Promise<void> => {
    await Promise.all(servers.map(closed));
  };
  return { port, servers, stopAccepting };
}

function passAcceptFailures(from: Server, to: Server): void {
  onAcceptFailure(from, (error) => to.emit('error', error));
}

/**
 * Calls it for each connection that the system could not give to the server, which goes on. Without a listener such an
 * error ends the process.
 */
export function onAcceptFailure(server: EventEmitter, handle: (error: Error) => void): void {
  server.on('error', (error: NodeJS.ErrnoException) => {
    if (error.syscall === 'accept') handle(error);
  });
}

/** A server of HTTP/1.1 that listens, in clear or over TLS. */
export interface HttpListening extends Listening {
  /**
   * Stops accepting, and closes connections as they become idle, at first after a grace. Those that have sent nothing
   * are closed too. Resolves when the last one is closed.
   */
  close(graceMs?: number): Promise<void>;
}

/** @throws ConfigError that names the variable when an address cannot be bound */
export async function listenHttp(
  server: HttpServer,
  listener: Listener,
  options: ListenOptions = {},
): Promise<HttpListening> {
  // closeIdleConnections() skips connections that have not sent a request yet.
  const open = new Members<Socket>();
  const add = (socket: Socket): void => {
    socket.once('close', open.add(socket));
  };
  server.on('connection', add).on('secureConnection', add);
  const listening = await listen(server, listener, options);
  const closeIdle = (): void => {
    server.closeIdleConnections();
    for (const socket of open) if (clientBytesRead(socket) === 0) socket.destroy();
  };
  const close = async (graceMs = 0): Promise<void> => {
    const allClosed = listening.stopAccepting();
    if (graceMs > 0) await Promise.race([allClosed, delay(graceMs, undefined, { ref: false })]);
    closeIdle();
    const timer = setInterval(closeIdle, IDLE_CLOSE_INTERVAL);
    await allClosed;
    clearInterval(timer);
  };
  return { ...listening, close };
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    Server.prototype.close.call(server, () => resolve());
  });
}

type Binding = Listener & { readonly address: string; readonly isShared: boolean };

/** Alone `::` takes IPv4 connections as well, and those only where the machine has no IPv6. */
function bind(server: Server, binding: Binding): Promise<void> {
  const { address: host, addresses, isShared: reusePort, port } = binding;
  const isAlone = addresses.length === 1;
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      if (host === '::' && isAlone && error.code === 'EAFNOSUPPORT')
        resolve(bind(server, withoutIpv6(binding)));
      else reject(listenProblem(error, binding));
    };
    server.once('error', onError);
    // In a list IPv4 may have an address of its own.
    server.listen({ host, port, reusePort, ipv6Only: !isAlone }, () => {
      server.off('error', onError);
      resolve();
    });
  });
}

function withoutIpv6(binding: Binding): Binding {
  return { ...binding, address: '0.0.0.0', addresses: ['0.0.0.0'] };
}

/** A ConfigError where the variables are the reason why an address cannot be bound, else the error. */
export function listenProblem(
  error: NodeJS.ErrnoException,
  { address, port, variables }: Pick<Binding, 'address' | 'port' | 'variables'>,
): Error {
  const place = `${address} port ${port}`;
  switch (error.code ?? '') {
    case 'EADDRINUSE':
      return problem(variables.port, `${place} is in use by another process`);
    case 'EACCES':
    case 'EPERM':
      return problem(variables.port, `this user may not listen on ${place}`);
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
    case 'EINVAL':
      return problem(variables.bind, `${address} is not an address of this machine`);
    default:
      return error;
  }
}

function problem(variable: string, message: string): ConfigError {
  return new ConfigError([{ variable, message }]);
}
