import { Logger, NotFoundException, type ArgumentsHost } from '@nestjs/common';
import { AppError } from '../shared/app-error.js';
import { ErrorFilter } from './error.filter.js';

const PAGE = { status: 418, headers: { 'content-type': 'text/html' }, body: '<p>page</p>' };

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

const logged: unknown[][] = [];
const keep = (...line: unknown[]): void => void logged.push(line);

beforeEach(() => {
  logged.length = 0;
  Logger.overrideLogger({ log: keep, warn: keep, error: keep });
});

afterAll(() => Logger.overrideLogger(false));

function answerTo(thrown: unknown, url: string, reply = new FakeReply()): FakeReply {
  const request = { raw: { url }, params: { key: 'canary-key' } };
  const http = { getRequest: () => request, getResponse: () => reply };
  const host = { switchToHttp: () => http } as unknown as ArgumentsHost;
  new ErrorFilter(() => PAGE).catch(thrown, host);
  return reply;
}

describe(ErrorFilter.name, () => {
  it.each(['/api', '/api/', '/api/v1/x?y=/z', '/%61pi/v1'])('answers %s in JSON', (url) => {
    expect(answerTo(new NotFoundException(), url)).toMatchObject({
      code: 404,
      body: { error: 'Not Found' },
    });
  });

  it.each(['/', '/apiary', '/secret/api', '/?x=/api/', '/%zz'])('answers %s with a page', (url) => {
    expect(answerTo(new NotFoundException(), url)).toMatchObject({
      code: PAGE.status,
      body: PAGE.body,
      fields: PAGE.headers,
    });
  });

  it('does not log errors of callers', () => {
    answerTo(new AppError('secret_gone', 'gone'), '/api/v1/secret/canary-key');
    answerTo(new NotFoundException('Cannot GET /canary'), '/canary');
    expect(logged).toEqual([]);
  });

  it.each([
    [new Error('boom'), 'request failed'],
    [
      new AppError('unavailable', 'away', { cause: new Error('ECONNREFUSED') }),
      'service unavailable',
    ],
  ])('logs %s, and nothing of the request', (error, message) => {
    answerTo(error, '/api/v1/secret/canary-key?passphrase=canary');
    expect(logged).toEqual([[message, error, ErrorFilter.name]]);
  });

  it('does not answer twice', () => {
    const reply = new FakeReply();
    reply.sent = true;
    expect(answerTo(new Error('late'), '/api', reply).body).toBeUndefined();
  });
});
