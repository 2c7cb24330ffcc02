import { NotFoundException, type ArgumentsHost } from '@nestjs/common';
import { QueryFailedError } from 'typeorm';
import { LogLines } from '../../test/support/log-lines.js';
import { AppError, UNAVAILABLE_MESSAGE } from '../shared/app-error.js';
import { ErrorFilter } from './error.filter.js';

const PAGE = { status: 418, headers: { 'content-type': 'text/html' }, body: '<p>page</p>' };

const UNAVAILABLE_PAGE = { ...PAGE, status: 503 };

class FakeReply {
  sent = false;
  code = 0;
  fields: Record<string, string> = {};
  body: unknown;

  status(code: number): this {
    this.code = code;
    return this;
  }

  headers(fields: Record<string, string>): this {
    this.fields = fields;
    return this;
  }

  send(body: unknown): this {
    this.body = body;
    this.sent = true;
    return this;
  }
}

let lines: LogLines;

beforeEach(() => {
  lines = new LogLines();
});

async function answerTo(thrown: unknown, url: string, reply = new FakeReply()): Promise<FakeReply> {
  const request = {
    id: 'request-1',
    method: 'POST',
    headers: {},
    raw: { url },
    params: { key: 'canary-key' },
    routeOptions: { url: '/api/v1/secret/:key' },
  };
  const http = { getRequest: () => request, getResponse: () => reply };
  const host = { switchToHttp: () => http } as unknown as ArgumentsHost;
  const page = async (error: unknown) => (isUnavailable(error) ? UNAVAILABLE_PAGE : PAGE);
  await lines.capture(() => new ErrorFilter(page).catch(thrown, host));
  return reply;
}

function isUnavailable(error: unknown): boolean {
  return error instanceof AppError && error.code === 'unavailable';
}

describe(ErrorFilter.name, () => {
  it.each(['/api', '/api/', '/api/v1/x?y=/z', '/%61pi/v1'])('answers %s in JSON', async (url) => {
    expect(await answerTo(new NotFoundException(), url)).toMatchObject({
      code: 404,
      body: { error: 'Not Found' },
    });
  });

  it.each(['/', '/apiary', '/secret/api', '/?x=/api/', '/%zz'])(
    'answers %s with a page',
    async (url) => {
      expect(await answerTo(new NotFoundException(), url)).toMatchObject({
        code: PAGE.status,
        body: PAGE.body,
        fields: PAGE.headers,
      });
    },
  );

  it('does not log errors of callers', async () => {
    await answerTo(new AppError('secret_gone', 'gone'), '/api/v1/secret/canary-key');
    await answerTo(new NotFoundException('Cannot GET /canary'), '/canary');
    expect(lines.all).toEqual([]);
  });

  it.each([
    [new Error('boom'), 'request failed'],
    [
      new AppError('unavailable', 'away', { cause: new Error('ECONNREFUSED') }),
      'service unavailable',
    ],
  ])('logs %s with its route, and nothing that the caller wrote', async (error, message) => {
    await answerTo(error, '/api/v1/secret/canary-key?passphrase=canary');
    expect(lines.all).toMatchObject([
      {
        context: 'ErrorFilter',
        requestId: 'request-1',
        method: 'POST',
        route: '/api/v1/secret/:key',
        err: { message: error.message },
        msg: message,
      },
    ]);
    expect(JSON.stringify(lines.all)).not.toContain('canary');
  });

  it.each([
    ['/api/v1/share', { message: UNAVAILABLE_MESSAGE }],
    ['/api/domains', { error: UNAVAILABLE_MESSAGE }],
    ['/', PAGE.body],
  ])('answers 503 on %s when a driver could not reach the database', async (url, body) => {
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const wrapped = new QueryFailedError('select 1', [], refused);
    for (const thrown of [refused, wrapped]) {
      const answer = await answerTo(thrown, url);
      expect(answer.code).toBe(503);
      if (typeof body === 'string') expect(answer.body).toBe(body);
      else expect(answer.body).toMatchObject(body);
    }
  });

  it('does not answer twice', async () => {
    const reply = new FakeReply();
    reply.sent = true;
    expect((await answerTo(new Error('late'), '/api', reply)).body).toBeUndefined();
  });
});
