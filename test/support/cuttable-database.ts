import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { pipeSockets } from './pipe-sockets.js';

/** A TCP proxy in front of a PostgreSQL's unix socket. A test can cut its connections and restore it, or make them silent. */
export class CuttableDatabase {
  /** Each client's socket, with the one to the database. */
  readonly #open = new Map<Socket, Socket | null>();
  #server: Server;
  #port = 0;
  #isSilent = false;

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
    for (const client of this.#open.keys())
      // Node's exit would wait for ever for the end that a reset has overtaken.
      if (client.writableEnded) client.destroy();
      else client.resetAndDestroy();
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

  /** From now on nothing comes through, and nobody is told: on what is open for ever, on new connections until passNew(). */
  swallow(): void {
    this.#isSilent = true;
    for (const [client, database] of this.#open) {
      client.unpipe().resume();
      database?.unpipe().resume();
    }
  }

  passNew(): void {
    this.#isSilent = false;
  }

  #newServer(): Server {
    return createServer((client) => {
      const database = this.#isSilent ? null : connect(this.socketPath);
      this.#open.set(client, database);
      if (database === null) {
        client.on('error', () => undefined).once('close', () => this.#open.delete(client));
        client.resume();
      } else {
        pipeSockets(client, database, () => this.#open.delete(client));
      }
    });
  }
}
