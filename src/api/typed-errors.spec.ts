import { BadRequestException, NotFoundException } from '@nestjs/common';
import { AppError } from '../shared/app-error.js';
import { typedErrorAnswer, typedErrorSchema } from './typed-errors.js';

const PLACE = {
  path: '/api/domains',
  keyParam: null,
  requestId: 'r-1',
  hasCredentials: true,
  plan: 'basic',
} as const;

describe(typedErrorAnswer.name, () => {
  it('has the field, the reason and the hint', () => {
    const error = new AppError('invalid_request', 'Not a valid public domain', {
      field: 'domain',
      reason: 'PUBLIC_SUFFIX',
      hint: 'Enter one of yours under it.',
    });
    expect(typedErrorAnswer(error, PLACE)).toEqual({
      status: 422,
      headers: {},
      body: {
        error: 'Not a valid public domain',
        error_type: 'ValidationFailed',
        message: 'Enter one of yours under it.',
        field: 'domain',
        code: 'PUBLIC_SUFFIX',
        request_id: 'r-1',
      },
    });
  });

  it('asks for credentials', () => {
    const { status, headers, body } = typedErrorAnswer(new AppError('not_authorized', 'x'), PLACE);
    expect(status).toBe(401);
    expect(headers['www-authenticate']).toMatch(/^Basic /);
    expect(body).toMatchObject({ error: 'Authentication Required', error_type: 'Unauthorized' });
  });

  it('names the plan that includes custom domains', () => {
    const { status, body } = typedErrorAnswer(new AppError('plan_required', 'Upgrade.'), PLACE);
    expect(status).toBe(403);
    expect(typedErrorSchema.parse(body)).toEqual(body);
    expect(body).toEqual({
      error: 'Upgrade.',
      error_type: 'EntitlementRequired',
      entitlement: 'custom_domains',
      current_plan: 'basic',
      upgrade_to: 'identity_plus',
      request_id: 'r-1',
    });
  });

  it.each([
    ['rate_limited', 429, 'LimitExceeded'],
    ['in_progress', 409, 'InProgress'],
    ['busy', 503, 'Unavailable'],
    ['unavailable', 503, 'Unavailable'],
  ] as const)('has Retry-After for %s', (code, status, type) => {
    const error = new AppError(code, 'Later.', { retryAfterSeconds: 12.2 });
    expect(typedErrorAnswer(error, PLACE)).toEqual({
      status,
      headers: { 'retry-after': '13' },
      body: { error: 'Later.', error_type: type, retry_after: 13, request_id: 'r-1' },
    });
  });

  it('distinguishes a missing record from an unknown path', () => {
    expect(typedErrorAnswer(new AppError('not_found', 'Domain not found'), PLACE)).toMatchObject({
      status: 404,
      body: { error: 'Domain not found', error_type: 'RecordNotFound' },
    });
    expect(typedErrorAnswer(new NotFoundException('Cannot GET /x'), PLACE)).toMatchObject({
      status: 404,
      body: { error: 'Not Found', error_type: 'NotFound' },
    });
  });

  it.each([
    [new BadRequestException('canary'), 422],
    [Object.assign(new Error('canary'), { statusCode: 413 }), 413],
    [new Error('canary'), 500],
  ])('shows no text of %s, which was not written for callers', (error, status) => {
    const answer = typedErrorAnswer(error, PLACE);
    expect(typedErrorSchema.parse(answer.body)).toEqual(answer.body);
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer)).not.toContain('canary');
    expect(answer.body).toMatchObject({
      error: expect.stringMatching(/^[A-Z]/),
      error_type: expect.stringMatching(/^[A-Z]/),
    });
  });
});
