import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { ConfigError } from '../../config/config-error.js';
import type { Listener } from '../../config/listeners.js';
import { listenProblem } from '../listen.js';
import { machineAddresses, type Interfaces } from './machine-addresses.js';
import type { Nameserver } from './nameserver.js';
import type { NameserverJournal } from './nameserver-journal.js';

interface UdpOptions {
  /** Whether other processes of this user may bind the same port. The kernel divides the datagrams. */
  readonly isShared: boolean;
  /** Those of the machine, unless a test has others. */
  readonly interfaces?: Interfaces;
}

/** The datagrams of the name server: a socket on each address. */
export class UdpSockets {
  readonly #sockets: Socket[] = [];

  private constructor(
    private readonly nameserver: Pick<Nameserver, 'answerDatagram'>,
    private readonly journal: Pick<NameserverJournal, 'dropped'>,
  ) {}

  /** @throws ConfigError: see bindUdp() */
  static async open(
    listener: Listener,
    options: UdpOptions,
    parts: {
      readonly nameserver: Pick<Nameserver, 'answerDatagram'>;
      readonly journal: Pick<NameserverJournal, 'dropped'>;
    },
  ): Promise<UdpSockets> {
    const sockets = new UdpSockets(parts.nameserver, parts.journal);
    for (const socket of await bindUdp(listener, options)) sockets.#add(socket);
    return sockets;
  }

  async close(): Promise<void> {
    // First out of the list: a socket that is being closed cannot send what is answered meanwhile.
    const open = this.#sockets.splice(0);
    await Promise.all(open.map((socket) => new Promise<void>((resolve) => socket.close(resolve))));
  }

  #add(socket: Socket): void {
    this.#sockets.push(socket);
    // What the kernel reports about a datagram that was sent. The client asks again.
    socket.on('error', () => this.journal.dropped('unsent', 'udp'));
    socket.on('message', (message, { address, port }) => {
      void this.nameserver.answerDatagram(message, address).then((answer) => {
        if (answer === null || !this.#sockets.includes(socket)) return;
        this.#send(socket, answer, { address, port });
      });
    });
  }

  #send(
    socket: Socket,
    answer: Buffer,
    { address, port }: { readonly address: string; readonly port: number },
  ): void {
    // Nobody can be at port 0, and send() throws for it.
    if (port === 0) return this.journal.dropped('unsent', 'udp');
    socket.send(answer, port, address, (error) => {
      if (error !== null) this.journal.dropped('unsent', 'udp');
    });
  }
}

type Binding = Listener & { readonly address: string; readonly isShared: boolean };

/**
 * A socket on each address. Of those that `0.0.0.0` and `::` mean, one that cannot be bound now is left out, such as an
 * IPv6 address that the machine has not confirmed yet.
 * @throws ConfigError that names the variable when an address of the listener cannot be bound, or none is left
 */
export async function bindUdp(
  listener: Listener,
  { isShared, interfaces }: UdpOptions,
): Promise<Socket[]> {
  const sockets: Socket[] = [];
  try {
    for (const address of machineAddresses(listener.addresses, interfaces)) {
      const socket = await bindAddress({ ...listener, address, isShared });
      if (socket !== null) sockets.push(socket);
    }
    if (sockets.length > 0) return sockets;
    const message = 'no address of this machine can be bound';
    throw new ConfigError([{ variable: listener.variables.bind, message }]);
  } catch (error) {
    for (const socket of sockets) socket.close();
    throw error;
  }
}

/** Null: the machine does not have the address now, which the listener does not name. */
function bindAddress(binding: Binding): Promise<Socket | null> {
  const { address, addresses, isShared, port } = binding;
  const isV6 = isIPv6(address);
  const socket = createSocket({
    type: isV6 ? 'udp6' : 'udp4',
    ipv6Only: isV6,
    reusePort: isShared,
  });
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      socket.close();
      if (error.code === 'EADDRNOTAVAIL' && !addresses.includes(address)) resolve(null);
      else reject(listenProblem(error, binding));
    };
    socket.once('error', onError);
    socket.bind({ port, address }, () => {
      socket.off('error', onError);
      resolve(socket);
    });
  });
}
