import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import type { PoolClient } from 'pg';
import type { CellConfig } from '../../../src/config/cell-config.js';
import type { Role } from '../../../src/config/role.js';
import { HostServers } from '../../../src/certificates/contexts/host-server.js';
import { commitsLocally } from '../../../src/database/commit-level.js';
import { connectDatabase } from '../../../src/database/connect.js';
import { DueLoop } from '../../../src/database/due-loop.js';
import { grantServing } from '../../../src/database/serving-login.js';
import { poolOf } from '../../../src/database/statements.js';
import { BodyBudget } from '../../../src/region/body-budget.js';
import { startCell, type Cell } from '../../../src/region/cell.js';
import { prepareDatabase } from '../../../src/region/prepare-database.js';
import { requireHostname } from '../../../src/shared/hostname.js';
import { createLogger } from '../../../src/shared/logger.js';
import { setRequestOrigin } from '../../../src/tenancy/request-origin.js';
import { asAdmin, openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { openTestAuthority, type TestAuthority } from '../certificates/test-authority.js';
import { idleCellConfig } from '../region/idle-cell-config.js';

export const CUSTOM = requireHostname('secrets.customer.test');

/** Cells of one region with different roles on one database, each behind a plain HTTP server. */
export class RoleCells {
  readonly login = `serve_${randomBytes(6).toString('hex')}`;
  readonly #password = randomBytes(12).toString('hex');
  readonly #cells: RoleCell[] = [];

  private constructor(
    readonly database: TestDatabase,
    readonly authority: TestAuthority,
    readonly config: CellConfig,
    private readonly folder: string,
  ) {}

  static async open(): Promise<RoleCells> {
    const [database, authority] = await Promise.all([openTestDatabase(), openTestAuthority()]);
    const folder = mkdtempSync(join(tmpdir(), 'roles-'));
    const cells = new RoleCells(database, authority, idleCellConfig(database.url, folder), folder);
    await cells.asAdmin(`create role ${cells.login} login password '${cells.#password}'`);
    return cells;
  }

  /** As the operator does it. */
  grant(): Promise<void> {
    return grantServing(this.database.dataSource, this.login);
  }

  get servingUrl(): string {
    const url = new URL(this.database.url);
    url.username = this.login;
    url.password = this.#password;
    return url.href;
  }

  /** @param url by default that of the role's own login */
  async start(
    role: Role,
    url = role === 'serve' ? this.servingUrl : this.database.url,
  ): Promise<RoleCell> {
    const cell = await RoleCell.start(
      Object.assign({}, this.config, { role, databaseUrl: url }),
      this.authority,
    );
    this.#cells.push(cell);
    return cell;
  }

  async asAdmin(text: string): Promise<void> {
    await asAdmin((admin) => admin.query(text));
  }

  async close(): Promise<void> {
    for (const cell of this.#cells) await cell.close();
    await this.database.close();
    await this.asAdmin(`drop role if exists ${this.login}`);
    await this.authority.remove();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

interface Call {
  readonly method?: string;
  readonly host?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>>;
  readonly json?: object;
}

export interface CalledAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export class RoleCell {
  /** What the database refused on the pool's connections: `permission denied for table …`. */
  readonly denied: string[] = [];
  readonly logs: string[] = [];
  readonly loops = new Map<string, DueLoop>();
  cell!: Cell;
  #server!: Server;

  private constructor(readonly config: CellConfig) {}

  static async start(config: CellConfig, authority: TestAuthority): Promise<RoleCell> {
    const started = new RoleCell(config);
    const dataSource = await connectDatabase(commitsLocally(config));
    const watch = (client: PoolClient): void => {
      const { connection } = client as unknown as { connection: NodeJS.EventEmitter };
      connection.on('errorMessage', ({ code, message }: { code: string; message: string }) => {
        if (code === '42501') started.denied.push(message);
      });
    };
    poolOf(dataSource).on('connect', watch);
    // The first connection was made before.
    watch(await poolOf(dataSource).connect().then(released));
    const starts = watchLoops((loop) => started.loops.set(loop.name, loop));
    try {
      await prepareDatabase(config, dataSource);
      started.cell = await startCell(config, dataSource, {
        logger: createLogger({ destination: { write: (line) => started.logs.push(line) } }),
        localAuthority: authority.authority,
        hostServers: new HostServers(),
        bodies: new BodyBudget({ limitsNetworks: true }),
      });
    } catch (error) {
      if (dataSource.isInitialized) await dataSource.destroy();
      throw error;
    } finally {
      starts.restore();
    }
    started.#server = createServer((request, response) => {
      void started.#tenantOf(request).then((tenant) => {
        const client = { near: '203.0.113.9/32', wide: null } as const;
        setRequestOrigin(request, { tenant, network: '203.0.113.0/24', client });
        started.cell.handler(request, response);
      });
    });
    started.#server.listen(0, '127.0.0.1');
    await once(started.#server, 'listening');
    return started;
  }

  async call(path: string, call: Call = {}): Promise<CalledAnswer> {
    const { form, json, host = this.config.host, headers = {} } = call;
    const body = form === undefined ? json && JSON.stringify(json) : new URLSearchParams(form);
    const { port } = this.#server.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method: call.method ?? (body === undefined ? 'GET' : 'POST'),
      headers: {
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
        'x-host': host,
      },
      redirect: 'manual',
      ...(body === undefined ? {} : { body }),
    });
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await this.cell.close();
  }

  async #tenantOf({ headers }: IncomingMessage) {
    if (headers['x-host'] !== CUSTOM) return this.cell.tenants.canonical;
    const domain = await this.cell.names.findDomain(CUSTOM);
    if (domain === null) throw new Error(`${CUSTOM} does not serve`);
    return this.cell.names.tenantOf(domain);
  }
}

function released(client: PoolClient): PoolClient {
  client.release();
  return client;
}

/** Reports each loop that starts. */
function watchLoops(report: (loop: DueLoop) => void): { restore(): void } {
  const original = Object.getOwnPropertyDescriptors(DueLoop.prototype);
  const start = jest.spyOn(DueLoop.prototype, 'start').mockImplementation(function (this: DueLoop) {
    report(this);
    original.start.value?.call(this);
  });
  const startNow = jest.spyOn(DueLoop.prototype, 'startNow').mockImplementation(async function (
    this: DueLoop,
  ) {
    report(this);
    await original.startNow.value?.call(this);
  });
  return {
    restore: () => {
      start.mockRestore();
      startNow.mockRestore();
    },
  };
}
