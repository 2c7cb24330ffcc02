import { createServer, type AddressInfo, type Server } from 'node:net';
import { ConfigError } from '../config/config-error.js';
import type { Listener } from '../config/listeners.js';

/** A server that listens on all addresses of its listener. */
export interface Listening {
  readonly port: number;
  /** Stops accepting. Resolves when the last connection is closed. */
  close(): Promise<void>;
}

/**
 * Listens on each address of the listener; all connections become the server's. A port 0 is chosen once.
 * @throws ConfigError that names the variable when an address cannot be bound
 */
export async function listen(server: Server, listener: Listener): Promise<Listening> {
  const [first = '127.0.0.1', ...others] = listener.addresses;
  await bind(server, { ...listener, address: first });
  const { port } = server.address() as AddressInfo;
  const servers = [server];
  const close = async (): Promise<void> => {
    await Promise.all(servers.map(closed));
  };
  try {
    for (const address of others) {
      // As http and tls servers accept: a client that has sent its last byte still gets its answer.
      const beside = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true });
      beside.on('connection', (socket) => server.emit('connection', socket));
      await bind(beside, { ...listener, address, port });
      servers.push(beside);
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { port, close };
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}

type Binding = Listener & { readonly address: string };

function bind(server: Server, binding: Binding): Promise<void> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => reject(problemOf(error, binding));
    server.once('error', onError);
    const { address: host, addresses, port } = binding;
    // Alone `::` takes IPv4 connections as well; in a list they may have an address of their own.
    server.listen({ host, port, ipv6Only: addresses.length > 1 }, () => {
      server.off('error', onError);
      resolve();
    });
  });
}

function problemOf(error: NodeJS.ErrnoException, { address, port, variables }: Binding): Error {
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
