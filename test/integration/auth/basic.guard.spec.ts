import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Catch, Controller, Get, Module, type ArgumentsHost } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import { AccountStore } from '../../../src/accounts/account.store.js';
import { AccountsService } from '../../../src/accounts/accounts.service.js';
import { AccountRequired } from '../../../src/auth/account-required.decorator.js';
import { BasicAuthenticator } from '../../../src/auth/basic-authenticator.js';
import { BasicGuard } from '../../../src/auth/basic.guard.js';
import type { Caller } from '../../../src/auth/caller.js';
import { CurrentCaller } from '../../../src/auth/current-caller.decorator.js';
import { AppError } from '../../../src/shared/app-error.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';

@Controller()
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
}

@Catch(AppError)
class CodeFilter {
  catch(error: AppError, host: ArgumentsHost): void {
    void host.switchToHttp().getResponse<FastifyReply>().status(400).send(error.code);
  }
}

@Module({})
class EmptyModule {}

interface Cell {
  readonly accounts: AccountsService;
  readonly database: TestDatabase;
  /** The body of `GET path`, sent over a real socket with these Authorization headers. */
  get(path: string, ...authorizations: string[]): Promise<string>;
  close(): Promise<void>;
}

describe(BasicGuard.name, () => {
  let eu: Cell;
  let us: Cell;
  let ann: string;

  beforeAll(async () => {
    eu = await startCell();
    us = await startCell();
    ann = basic('ann@example.com', (await eu.accounts.create('ann@example.com', 'basic')).token);
  });

  afterAll(() => Promise.all([eu.close(), us.close()]));

  it('lets a request without credentials in as anonymous', async () => {
    expect(await eu.get('/who')).toBe('anonymous');
  });

  it('refuses anonymous callers where an account is required', async () => {
    expect(await eu.get('/members')).toBe('not_authorized');
    expect(await eu.get('/members', ann)).toBe('ann@example.com');
  });

  it('lets an account in', async () => {
    expect(await eu.get('/who', ann)).toBe('ann@example.com');
    expect(await eu.get('/who', ann.replace('Basic', 'bASIC'))).toBe('ann@example.com');
  });

  it.each([
    ['an empty header', () => ['']],
    ['Bearer', () => [ann.replace('Basic', 'Bearer')]],
    ['XBasic', () => [`X${ann}`]],
    ['text after the base64', () => [`${ann} junk`]],
    ['two spaces', () => [ann.replace(' ', '  ')]],
    ['user:token:junk', () => [`Basic ${btoa(`${atob(ann.slice(6))}:junk`)}`]],
    ['an empty user and token', () => ['Basic Og==']],
    ['an empty token', () => [basic('ann@example.com', '')]],
    ['an unknown login', () => [basic('bob@example.com', 'x')]],
    ['a wrong token', () => [basic('ann@example.com', '0'.repeat(40))]],
    ['two headers, the first of them good', () => [ann, basic('ann@example.com', 'x')]],
    ['two headers, both good', () => [ann, ann]],
  ])('never takes %s for anonymous', async (_, headers) => {
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

  it('says unavailable, not "Not authorized", when the accounts cannot be read', async () => {
    const cell = await startCell();
    await cell.database.dataSource.destroy();
    expect(await cell.get('/who', ann)).toBe('unavailable');
    expect(await cell.get('/who')).toBe('anonymous');
    await cell.close();
  });
});

function basic(email: string, token: string): string {
  return `Basic ${btoa(`${email}:${token}`)}`;
}

async function startCell(): Promise<Cell> {
  const database = await openTestDatabase();
  const accounts = new AccountsService(new AccountStore(database.statements, database.dataSource));
  const app = await NestFactory.create<NestFastifyApplication>(
    {
      module: EmptyModule,
      controllers: [WhoController],
      providers: [
        BasicAuthenticator,
        { provide: AccountsService, useValue: accounts },
        { provide: APP_GUARD, useClass: BasicGuard },
        { provide: APP_FILTER, useClass: CodeFilter },
      ],
    },
    new FastifyAdapter(),
    { logger: false },
  );
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  return {
    accounts,
    database,
    get: (path, ...authorizations) => get(port, path, authorizations),
    close: async () => {
      await app.close();
      await database.close();
    },
  };
}

async function get(port: number, path: string, authorizations: string[]): Promise<string> {
  // A flat list, because a client's header object would not send one name twice.
  const headers = ['host', 'x', ...authorizations.flatMap((value) => ['Authorization', value])];
  const request = httpRequest({ host: '127.0.0.1', port, path, headers, agent: false }).end();
  const [response] = await once(request, 'response');
  return text(response);
}
