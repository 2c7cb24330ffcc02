import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Listener } from '../../config/listeners.js';
import { listenProblem } from '../listen.js';
import { machineAddresses } from './machine-addresses.js';
import type { Nameserver } from './nameserver.js';
import type { NameserverJournal } from './nameserver-journal.js';

interface UdpOptions {
  /** Whether other processes of this user may bind the same port. The kernel divides the datagrams. */
  readonly isShared: boolean;
}

/** The datagrams of the name server: a socket on each address. */
export class UdpSockets {
  readonly #sockets: Socket[] = [];

  private constructor(
    private readonly nameserver: Pick<Nameserver, 'answerDatagram'>,
    private readonly journal: Pick<NameserverJournal, 'dropped'>,
  ) {}

  /** @throws ConfigError that names the variable when an address cannot be bound */
  static async open(
    listener: Listener,
    { isShared }: UdpOptions,
    parts: {
      readonly nameserver: Pick<Nameserver, 'answerDatagram'>;
      readonly journal: Pick<NameserverJournal, 'dropped'>;
    },
  ): Promise<UdpSockets> {
    const sockets = new UdpSockets(parts.nameserver, parts.journal);
    try {
      for (const address of machineAddresses(listener.addresses))
        sockets.#add(await bindUdp({ ...listener, address, isShared }));
    } catch (error) {
      await sockets.close();
      throw error;
    }
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

/** @throws ConfigError that names the variable when the address cannot be bound */
export function bindUdp(binding: Binding): Promise<Socket> {
  const { address, isShared, port } = binding;
  const isV6 = isIPv6(address);
  const socket = createSocket({
    type: isV6 ? 'udp6' : 'udp4',
    ipv6Only: isV6,
    reusePort: isShared,
  });
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      socket.close();
      reject(listenProblem(error, binding));
    };
    socket.once('error', onError);
    socket.bind({ port, address }, () => {
      socket.off('error', onError);
      resolve(socket);
    });
  });
}
