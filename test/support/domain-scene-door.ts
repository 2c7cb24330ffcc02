import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { pipeSockets } from './pipe-sockets.js';

/** The TCP balancer in front of the gateways: one port for the world, each connection to the next one that is there. */
export class FrontDoor {
  readonly #open = new Set<Socket>();
  readonly #server: Server;
  #turn = 0;

  /** @param ports of the gateways that run now */
  private constructor(private readonly ports: () => readonly number[]) {
    this.#server = createServer((client) => this.#lead(client));
  }

  static async open(ports: () => readonly number[]): Promise<FrontDoor> {
    const door = new FrontDoor(ports);
    await new Promise<void>((resolve) => door.#server.listen(0, '127.0.0.1', resolve));
    return door;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#open) socket.destroy();
    await closed;
  }

  #lead(client: Socket): void {
    const ports = this.ports();
    const port = ports[(this.#turn += 1) % ports.length];
    if (port === undefined) {
      client.resetAndDestroy();
      return;
    }
    const gateway = connect(port, '127.0.0.1');
    this.#open.add(client);
    pipeSockets(client, gateway, () => this.#open.delete(client));
  }
}
