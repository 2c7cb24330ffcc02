import { once } from 'node:events';
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
import { TokensService } from '../../../src/accounts/tokens/tokens.service.js';
import { AccountsService } from '../../../src/accounts/accounts.service.js';
import { TokenUses } from '../../../src/accounts/tokens/token-uses.js';
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

/** What a region has of the rooms of accounts and sign-in. */
export interface Cell {
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

export function basic(email: string, token: string): string {
  return `Basic ${btoa(`${email}:${token}`)}`;
}

/** Its accounts, behind the guards of every route and on a real socket. */
export async function startCell(region: string): Promise<Cell> {
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
