import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { connectDatabase } from '../src/database/connect.js';
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '../src/database/embedded/embedded-postgres.js';
import { migrateDatabase } from '../src/database/migrate.js';
import { readStatements, type LoggedStatement } from './logged-statements.js';
import { seedDomains, type SeededDomains } from './seed-domains.js';

const REGION = 'eu';
const FULL = 'full';
const EMPTY = 'empty';
// The log then contains the parameters, so each query can be matched to a name.
const SETTINGS = { log_error_verbosity: 'default', log_parameter_max_length: '200' };

/** A PostgreSQL server with two migrated databases: one full of serving domains, one without any. */
export class DomainsDatabase {
  readonly #rootKey = randomBytes(32).toString('base64');
  #seeded: SeededDomains = { names: [], root: '' };

  private constructor(
    private readonly directory: string,
    private readonly server: EmbeddedPostgres,
  ) {}

  /**
   * The caller must call stop().
   * @param pemFolder where NAME.pem is written for each name, with chain and key
   */
  static async start(count: number, pemFolder: string | null = null): Promise<DomainsDatabase> {
    const directory = mkdtempSync(join(tmpdir(), 'onetime-bench-'));
    const options = { dataDir: directory, regions: [FULL, EMPTY], settings: SETTINGS };
    const database = new DomainsDatabase(directory, await startEmbeddedPostgres(options));
    try {
      await database.#fill(count, pemFolder);
    } catch (error) {
      await database.stop();
      throw error;
    }
    return database;
  }

  get names(): SeededDomains['names'] {
    return this.#seeded.names;
  }

  get root(): string {
    return this.#seeded.root;
  }

  /** The configuration of a gateway with one region on one of the two databases. */
  variables(which: 'full' | 'empty'): Record<string, string> {
    return {
      GATEWAY_REGIONS: REGION,
      GATEWAY_DATABASE_URL_EU: this.urlOf(which),
      GATEWAY_ROOT_KEY_EU: this.#rootKey,
    };
  }

  /** The number of queries about each of `names` during `work`, according to the server's log. */
  async countQueries(names: readonly string[], work: () => Promise<unknown>): Promise<number[]> {
    const lines = (await this.#logDuring(work)).split('\n');
    const parameters = lines.filter((line) => /DETAIL: {2}parameters:/i.test(line));
    return names.map((name) => parameters.filter((line) => line.includes(`'${name}'`)).length);
  }

  urlOf(which: 'full' | 'empty'): string {
    return this.server.urlOf(which === 'full' ? FULL : EMPTY);
  }

  /** Of the server, whose children serve the connections. */
  get processId(): number {
    return this.server.processId;
  }

  /** The prepared statements that the server ran during `work`. */
  async statementsDuring(work: () => Promise<unknown>): Promise<LoggedStatement[]> {
    return readStatements(await this.#logDuring(work));
  }

  async stop(): Promise<void> {
    await this.server.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  async #logDuring(work: () => Promise<unknown>): Promise<string> {
    const log = join(this.directory, 'postgres.log');
    const before = statSync(log).size;
    await this.#logStatements('all');
    try {
      await work();
    } finally {
      await this.#logStatements('none');
    }
    return readFileSync(log).subarray(before).toString();
  }

  async #fill(count: number, pemFolder: string | null): Promise<void> {
    for (const database of [FULL, EMPTY]) {
      const dataSource = await connectDatabase(this.server.urlOf(database));
      await migrateDatabase(dataSource);
      await dataSource.destroy();
    }
    const directory = join(this.directory, 'ca');
    const seed = { region: REGION, rootKey: this.#rootKey, directory, count, pemFolder };
    this.#seeded = await withClient(this.server.urlOf(FULL), (client) => seedDomains(client, seed));
  }

  /** Resolves when the setting is active. */
  async #logStatements(which: 'all' | 'none'): Promise<void> {
    await withClient(this.server.adminUrl, async (client) => {
      await client.query(`alter system set log_statement = '${which}'`);
      await client.query('select pg_reload_conf()');
      // Every session, including this one, reads the setting between two statements.
      for (;;) {
        const { rows } = await client.query<{ log_statement: string }>('show log_statement');
        if (rows[0]?.log_statement === which) return;
      }
    });
  }
}

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
