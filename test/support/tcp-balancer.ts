import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { pipeSockets } from './pipe-sockets.js';

/** A TCP load balancer in front of the gateways: one port, round robin over the running gateways. */
export class TcpBalancer {
  readonly #open = new Set<Socket>();
  readonly #server: Server;
  #turn = 0;

  /** @param ports the ports of the gateways that run now */
  private constructor(private readonly ports: () => readonly number[]) {
    this.#server = createServer((client) => this.#forward(client));
  }

  static async open(ports: () => readonly number[]): Promise<TcpBalancer> {
    const balancer = new TcpBalancer(ports);
    await new Promise<void>((resolve) => balancer.#server.listen(0, '127.0.0.1', resolve));
    return balancer;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#open) socket.destroy();
    await closed;
  }

  #forward(client: Socket): void {
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
