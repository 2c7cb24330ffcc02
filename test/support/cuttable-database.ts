import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { pipeSockets } from './pipe-sockets.js';

/** A TCP proxy in front of a PostgreSQL's unix socket. A test can cut its connections and restore it. */
export class CuttableDatabase {
  readonly #clients = new Set<Socket>();
  #server: Server;
  #port = 0;

  private constructor(
    private readonly socketPath: string,
    private readonly direct: URL,
  ) {
    this.#server = this.#newServer();
  }

  /** `url`: of an embedded server. */
  static async before(url: string): Promise<CuttableDatabase> {
    const direct = new URL(url);
    const folder = direct.searchParams.get('host') ?? '';
    const database = new CuttableDatabase(join(folder, '.s.PGSQL.5432'), direct);
    await database.restore();
    return database;
  }

  /** The URL through the proxy, for the gateway. */
  get url(): string {
    const url = new URL(this.direct);
    url.search = '';
    url.hostname = '127.0.0.1';
    url.port = String(this.#port);
    return url.href;
  }

  /** Resets every connection, and refuses new ones. */
  async cut(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const client of this.#clients) client.resetAndDestroy();
    await closed;
  }

  /** Accepts connections again, on the same port. */
  async restore(): Promise<void> {
    this.#server = this.#newServer();
    const server = this.#server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, '127.0.0.1', resolve);
    });
    this.#port = (server.address() as AddressInfo).port;
  }

  #newServer(): Server {
    return createServer((client) => {
      const database = connect(this.socketPath);
      this.#clients.add(client);
      pipeSockets(client, database, () => this.#clients.delete(client));
    });
  }
}
