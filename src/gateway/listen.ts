import type { AddressInfo, Server } from 'node:net';
import type { Listener } from '../config/config.js';

/** Resolves to the port, which differs from `port` when that is 0. Rejects when the address cannot be bound. */
export function listen(server: Server, { bind, port }: Listener): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: bind, port }, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
