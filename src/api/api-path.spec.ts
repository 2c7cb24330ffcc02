import { isApiPath, isTypedApiPath } from './api-path.js';

describe(isApiPath, () => {
  it.each([
    '/api',
    '/api/',
    '//api',
    '/api//v1///share',
    '/API/V1/Share',
    '/%61pi/v1/status',
    '/%41PI',
    '/api%2Fv1%2Fshare',
    '/%2fapi/v1',
    '/%2F%2Fapi%2F',
    '/api/%zz',
    '/%61pi/%ff',
    '/%zz/../api/v1/share',
    '/./api/v1/share',
    '/x/../api/v1/share',
    '/x/%2e%2e/api',
    '\\api\\v1\\share',
    '/%20api/v1/share',
    '/api%20/v1/share',
    '/api;v=1/share',
    '/api.json',
    '/api/..%2f..%2fetc/passwd',
    '/api/../secret/x',
    '/v1/share',
    '/v2/secret/conceal',
    '*',
  ])('is true for %s', (path) => expect(isApiPath(path)).toBe(true));

  it.each([
    '/',
    '/secret/abc',
    '/secret/api',
    '/receipt/abc/burn',
    '/apiary',
    '/api-docs',
    '/apis/x',
    '/value',
    '/version',
    '/x/api/v1',
    '/*',
    '',
  ])('is false for %j', (path) => expect(isApiPath(path)).toBe(false));
});

describe(isTypedApiPath, () => {
  it.each(['/api/domains', '/api//domains/x', '//api/account/', '/API/Domains', '/api/domain%73'])(
    'is true for %s',
    (path) => expect(isTypedApiPath(path)).toBe(true),
  );

  it.each(['/api', '/api/domainsx', '/api/v1/account', '/domains'])('is false for %s', (path) =>
    expect(isTypedApiPath(path)).toBe(false),
  );
});
