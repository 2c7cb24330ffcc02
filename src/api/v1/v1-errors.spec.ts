import { BadRequestException, NotFoundException } from '@nestjs/common';
import { AppError } from '../../shared/app-error.js';
import { v1ErrorAnswer } from './v1-errors.js';

const PLACE = {
  path: '/api/v1/private/abc',
  keyParam: 'abc',
  requestId: 'r-1',
  hasCredentials: false,
  plan: null,
};
const INTENDED = 'x-ots-intended-status';

describe(v1ErrorAnswer.name, () => {
  it.each([
    [new AppError('invalid_request', 'the text'), '400', 'the text'],
    [new AppError('not_authorized', 'whatever'), '401', 'Not authorized'],
    [new AppError('wrong_passphrase', 'whatever'), '400', 'Double check that passphrase'],
    [new BadRequestException('quotes the input'), '400', 'The request is not valid'],
  ])(
    "answers the caller's error %s with 404 and the intended status %s",
    (error, intended, message) => {
      expect(v1ErrorAnswer(error, PLACE)).toEqual({
        status: 404,
        headers: { [INTENDED]: intended },
        body: { message },
      });
    },
  );

  it.each([new NotFoundException(), new AppError('not_found', 'x')])(
    'answers an unknown route with the router’s body: %s',
    (error) => {
      expect(v1ErrorAnswer(error, PLACE)).toEqual({
        status: 404,
        headers: {},
        body: { error: 'Not Found' },
      });
    },
  );

  it.each([
    ['abc', 'abc'],
    ['%zz', 'zz'],
    ['a b<script>/ü', 'abscript'],
    ['k'.repeat(500), 'k'.repeat(100)],
    ['', ''],
  ])('echoes only the valid characters of the key %j', (keyParam, echo) => {
    const error = new AppError('secret_gone', 'internal text');
    expect(v1ErrorAnswer(error, { ...PLACE, keyParam })).toEqual({
      status: 404,
      headers: {},
      body: { secret_key: echo, message: 'Unknown secret' },
    });
  });

  it.each([
    [new AppError('payload_too_large', 'too much'), 413],
    [Object.assign(new Error('body'), { statusCode: 413 }), 413],
    [new AppError('busy', 'busy'), 503],
    [new AppError('unavailable', 'away'), 503],
    [new Error('boom'), 500],
    ['a string', 500],
    [undefined, 500],
  ])('keeps the status of a fault or an outage %s: %i, with a message', (error, status) => {
    const answer = v1ErrorAnswer(error, PLACE);
    expect(answer.status).toBe(status);
    expect(answer.body).toHaveProperty('message');
    expect(answer.headers).not.toHaveProperty(INTENDED);
  });

  it('has Retry-After in whole seconds, at least one', () => {
    const busy = new AppError('busy', 'busy', { retryAfterSeconds: 0.2 });
    expect(v1ErrorAnswer(busy, PLACE).headers).toEqual({ 'retry-after': '1' });
  });

  it('never shows the text of an error that was not written for callers', () => {
    const answer = v1ErrorAnswer(new Error('password=hunter2'), PLACE);
    expect(JSON.stringify(answer)).not.toContain('hunter2');
    expect(answer.body).toMatchObject({ error: 'Internal Server Error' });
  });

  it.each([
    ['/api/v1/share', true],
    ['/api/v1/secret/abc', true],
    ['/api/v1/status', true],
    ['/api/v1/private/abc', false],
    ['/api/v1/secret/abc/x', false],
  ])('lets other origins read errors of %s: %s', (path, isOpen) => {
    const { headers } = v1ErrorAnswer(new Error('x'), { ...PLACE, path, keyParam: null });
    expect('access-control-allow-origin' in headers).toBe(isOpen);
  });
});
