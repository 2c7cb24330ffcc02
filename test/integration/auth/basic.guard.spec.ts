import { once } from 'node:events';
import { jest } from '@jest/globals';
import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import {
  Catch,
  Controller,
  Get,
  Global,
  Module,
  NotFoundException,
  type ArgumentsHost,
} from '@nestjs/common';
import { APP_FILTER, APP_GUARD, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import { AccountsService } from '../../../src/accounts/accounts.service.js';
import { OPERATOR, TokensService } from '../../../src/accounts/tokens/tokens.service.js';
import { TokenUses } from '../../../src/accounts/tokens/token-uses.js';
import type { TokenScope } from '../../../src/accounts/tokens/token-scope.js';
import { AccountRequired } from '../../../src/auth/account-required.decorator.js';
import { AccountRequiredGuard } from '../../../src/auth/account-required.guard.js';
import { AuthModule } from '../../../src/auth/auth.module.js';
import { BasicGuard } from '../../../src/auth/basic.guard.js';
import type { Caller } from '../../../src/auth/caller.js';
import { CurrentCaller } from '../../../src/auth/current-caller.decorator.js';
import { RegionHostOnly } from '../../../src/auth/region-host-only.decorator.js';
import { RegionHostGuard } from '../../../src/auth/region-host.guard.js';
import { Scoped } from '../../../src/auth/scoped.decorator.js';
import { ScopeGuard } from '../../../src/auth/scope.guard.js';
import type { Region } from '../../../src/config/region.js';
import { CellConfig } from '../../../src/config/cell-config.js';
import { DEFAULT_LIMITS } from '../../../src/config/limits.js';
import { LimitsModule } from '../../../src/limits/limits.module.js';
import { DatabaseModule } from '../../../src/database/database.module.js';
import { AppError } from '../../../src/shared/app-error.js';
import { requireHostname } from '../../../src/shared/hostname.js';
import { customTenant } from '../../../src/tenancy/custom-tenant.js';
import { setRequestOrigin } from '../../../src/tenancy/request-origin.js';
import { registerTenancy } from '../../../src/tenancy/tenancy.hook.js';
import type { Tenant } from '../../../src/tenancy/tenant.js';
import { TENANT } from '../../fakes/sample-values.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';

@Controller()
@Scoped('any')
class WhoController {
  @Get('who')
  who(@CurrentCaller() caller: Caller): string {
    return caller.account?.email ?? 'anonymous';
  }

  @Get('members')
  @AccountRequired()
  members(@CurrentCaller() caller: Caller): string {
    return this.who(caller);
  }

  @Get('reads')
  @Scoped('read')
  reads(@CurrentCaller() { token }: Caller): string {
    return token?.name ?? 'no token';
  }

  @Get('set-up')
  @RegionHostOnly()
  @AccountRequired()
  setUp(@CurrentCaller() caller: Caller): string {
    return this.who(caller);
  }
}

@Controller()
class UnmarkedController {
  @Get('unmarked')
  unmarked(): string {
    return 'reached';
  }
}

@Catch(AppError, NotFoundException)
class CodeFilter {
  catch(error: AppError | NotFoundException, host: ArgumentsHost): void {
    const body = error instanceof AppError ? error.code : 'no such route';
    void host.switchToHttp().getResponse<FastifyReply>().status(400).send(body);
  }
}

/** Replaces the cell's settings. */
@Global()
@Module({
  providers: [
    {
      provide: CellConfig,
      useValue: {
        limits: { ...DEFAULT_LIMITS, SIGN_IN_ACCOUNT: { burst: 1000, seconds: 3600 } },
        rootKeys: [{ version: 1, bytes: Buffer.alloc(32) }],
      },
    },
  ],
  exports: [CellConfig],
})
class CellConfigModule {}

@Module({})
class EmptyModule {}

interface Cell {
  readonly accounts: AccountsService;
  readonly tokens: TokensService;
  readonly uses: TokenUses;
  readonly database: TestDatabase;
  /** The tenant of every request; at first that of the region's own host. */
  tenant: Tenant;
  /** The response body of `GET path`, sent over a real socket with these Authorization headers. */
  get(path: string, ...authorizations: string[]): Promise<string>;
  close(): Promise<void>;
}

describe(BasicGuard.name, () => {
  let eu: Cell;
  let us: Cell;
  let ann: string;

  beforeAll(async () => {
    eu = await startCell('eu');
    us = await startCell('us');
    ann = basic('ann@example.com', (await eu.accounts.create('ann@example.com', 'basic')).token);
  });

  afterAll(() => Promise.all([eu.close(), us.close()]));

  it('accepts a request without an Authorization header as anonymous', async () => {
    expect(await eu.get('/who')).toBe('anonymous');
  });

  it('refuses anonymous callers where an account is required', async () => {
    expect(await eu.get('/members')).toBe('not_authorized');
    expect(await eu.get('/members', ann)).toBe('ann@example.com');
  });

  it('accepts the credentials of an account', async () => {
    expect(await eu.get('/who', ann)).toBe('ann@example.com');
    expect(await eu.get('/who', ann.replace('Basic', 'bASIC'))).toBe('ann@example.com');
  });

  it.each([
    ['an empty header', () => ['']],
    ['Bearer', () => [ann.replace('Basic', 'Bearer')]],
    ['XBasic', () => [`X${ann}`]],
    ['text after the base64', () => [`${ann} junk`]],
    ['user:token:junk', () => [`Basic ${btoa(`${atob(ann.slice(6))}:junk`)}`]],
    ['an empty user and token', () => ['Basic Og==']],
    ['an empty token', () => [basic('ann@example.com', '')]],
    ['an unknown login', () => [basic('bob@example.com', 'x')]],
    ['a wrong token', () => [basic('ann@example.com', '0'.repeat(40))]],
    ['two headers, the first of them good', () => [ann, basic('ann@example.com', 'x')]],
    ['two headers, both good', () => [ann, ann]],
  ])('refuses %s and does not treat it as anonymous', async (_, headers) => {
    expect(await eu.get('/who', ...headers())).toBe('not_authorized');
    expect(await eu.get('/members', ...headers())).toBe('not_authorized');
  });

  it('verifies each of two cells in one process against its own accounts', async () => {
    const bob = basic(
      'bob@example.net',
      (await us.accounts.create('bob@example.net', 'basic')).token,
    );
    const answers = await Promise.all([
      eu.get('/who', ann),
      us.get('/who', ann),
      eu.get('/who', bob),
      us.get('/who', bob),
    ]);
    expect(answers).toEqual([
      'ann@example.com',
      'not_authorized',
      'not_authorized',
      'bob@example.net',
    ]);
  });

  it('verifies a region that is started again against the accounts of the new cell', async () => {
    const failed = await startCell('again');
    await failed.close();
    const cell = await startCell('again');
    const { token } = await cell.accounts.create('cat@example.com', 'basic');
    expect(await cell.get('/who', basic('cat@example.com', token))).toBe('cat@example.com');
    await cell.close();
  });

  describe('on a custom domain', () => {
    let owner: string;

    beforeAll(async () => {
      const { account, token } = await eu.accounts.create('owner@example.com', 'identity_plus');
      owner = basic('owner@example.com', token);
      const custom = { domainId: 'd', apiEnabled: true, homepageEnabled: true };
      const hostname = requireHostname('secrets.example.com');
      eu.tenant = customTenant(TENANT, { ...custom, hostname, ownerId: account.id }, 443);
    });

    afterAll(() => {
      eu.tenant = TENANT;
    });

    it('accepts only the owner where an account is required', async () => {
      expect(await eu.get('/members', owner)).toBe('owner@example.com');
      expect(await eu.get('/members', ann)).toBe('not_authorized');
      expect(await eu.get('/members')).toBe('not_authorized');
    });

    it('authenticates an account that does not own the domain', async () => {
      expect(await eu.get('/who', ann)).toBe('ann@example.com');
      expect(await eu.get('/who', basic('ann@example.com', 'x'))).toBe('not_authorized');
    });

    it('answers a route of the region host like an unknown path, with any credentials', async () => {
      for (const headers of [[], [owner], [ann], ['Bearer x']])
        expect(await eu.get('/set-up', ...headers)).toBe('no such route');
    });
  });

  describe('with tokens of several scopes', () => {
    const email = 'several@example.com';

    async function withScopes(...scopes: TokenScope[]): Promise<string> {
      const { id } = await eu.accounts.get(email);
      const request = { name: scopes.join(' '), scopes, expiresInSeconds: null };
      return basic(email, (await eu.tokens.create(id, request, OPERATOR)).value);
    }

    beforeAll(() => eu.accounts.create(email, 'basic'));

    it('opens a route to a token that has its scope, to anonymous callers, and to no other token', async () => {
      const [reader, creator] = [await withScopes('read'), await withScopes('create', 'account')];
      expect(await eu.get('/reads', reader)).toBe('read');
      expect(await eu.get('/reads')).toBe('no token');
      expect(await eu.get('/reads', creator)).toBe('forbidden');
      expect(await eu.get('/who', creator)).toBe(email);
    });

    it('refuses every token a route that names no scope', async () => {
      expect(await eu.get('/unmarked')).toBe('reached');
      expect(await eu.get('/unmarked', ann)).toBe('forbidden');
    });

    it('dates the last use of a token, with one write a day and none on the way of a request', async () => {
      const user = await withScopes('read', 'domains');
      const writes = watchWrites(eu.database);
      await Promise.all(Array.from({ length: 10 }, () => eu.get('/who', user)));
      expect(writes()).toBe(0);
      await Promise.all([eu.uses.write(), eu.uses.write()]);
      const used = async () =>
        (await eu.tokens.list((await eu.accounts.get(email)).id)).find(
          ({ name }) => name === 'read domains',
        );
      const today = new Date().toISOString().slice(0, 10);
      expect(await used()).toMatchObject({ lastUsedOn: today, lastUsedFrom: '127.0.0.0/24' });

      const before = writes();
      await eu.get('/who', user);
      await eu.uses.write();
      expect(writes()).toBe(before);

      await eu.database.dataSource.query(
        `update api_tokens set last_used_on = last_used_on - 1, last_used_from = 'x'`,
      );
      await eu.get('/who', user);
      await eu.uses.write();
      expect(await used()).toMatchObject({ lastUsedOn: today, lastUsedFrom: '127.0.0.0/24' });
    });

    it('keeps what it could not write for the next time', async () => {
      const user = await withScopes('domains');
      await eu.get('/who', user);
      const query = jest.spyOn(eu.database.dataSource, 'query').mockRejectedValueOnce(new Error());
      await expect(eu.uses.write()).rejects.toThrow();
      query.mockRestore();
      await eu.uses.write();
      const tokens = await eu.tokens.list((await eu.accounts.get(email)).id);
      expect(tokens.find(({ name }) => name === 'domains')?.lastUsedOn).not.toBeNull();
    });
  });

  it('answers unavailable, not "Not authorized", when the accounts cannot be read', async () => {
    const cell = await startCell('away');
    await cell.database.dataSource.destroy();
    expect(await cell.get('/who', ann)).toBe('unavailable');
    expect(await cell.get('/who')).toBe('anonymous');
    await cell.close();
  });
});

/** Counts the statements of TokenUses. */
function watchWrites({ dataSource }: TestDatabase): () => number {
  let count = 0;
  const query = dataSource.query.bind(dataSource);
  dataSource.query = ((sql: string, ...rest: []) => {
    if (sql.includes('last_used_on =')) count += 1;
    return query(sql, ...rest);
  }) as typeof dataSource.query;
  return () => count;
}

function basic(email: string, token: string): string {
  return `Basic ${btoa(`${email}:${token}`)}`;
}

async function startCell(region: string): Promise<Cell> {
  const database = await openTestDatabase();
  const app = await NestFactory.create<NestFastifyApplication>(
    {
      module: EmptyModule,
      imports: [
        CellConfigModule,
        { module: LimitsModule, global: true },
        DatabaseModule.of(database.dataSource),
        AuthModule.of(region as Region),
      ],
      controllers: [WhoController, UnmarkedController],
      providers: [
        { provide: APP_GUARD, useExisting: RegionHostGuard },
        { provide: APP_GUARD, useExisting: BasicGuard },
        { provide: APP_GUARD, useExisting: AccountRequiredGuard },
        { provide: APP_GUARD, useExisting: ScopeGuard },
        { provide: APP_FILTER, useClass: CodeFilter },
      ],
    },
    new FastifyAdapter(),
    { logger: false },
  );
  const cell = { tenant: TENANT };
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onRequest', (request, _reply, done) => {
    setRequestOrigin(request.raw, {
      tenant: cell.tenant,
      network: '127.0.0.0/24',
      client: { near: '127.0.0.1/32', wide: null },
    });
    done();
  });
  registerTenancy(fastify);
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  return Object.assign(cell, {
    accounts: app.get(AccountsService, { strict: false }),
    tokens: app.get(TokensService, { strict: false }),
    uses: app.get(TokenUses, { strict: false }),
    database,
    get: (path: string, ...authorizations: string[]) => get(port, path, authorizations),
    close: async () => {
      await app.close();
      await database.close();
    },
  });
}

async function get(port: number, path: string, authorizations: string[]): Promise<string> {
  // A flat list: an object cannot hold one header name twice.
  const headers = ['host', 'x', ...authorizations.flatMap((value) => ['Authorization', value])];
  const request = httpRequest({ host: '127.0.0.1', port, path, headers, agent: false }).end();
  const [response] = await once(request, 'response');
  return text(response);
}
