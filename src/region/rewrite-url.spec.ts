import fc from 'fast-check';
import { rewriteUrl } from './rewrite-url.js';

describe(rewriteUrl, () => {
  it.each([
    ['/api/v1/secret/abc?x=%zz', '/api/v1/secret/abc?x=%zz'],
    ['/api/v1/secret/a%20b', '/api/v1/secret/a%20b'],
    ['/api/v1/secret/%zz', '/api/v1/secret/%25zz'],
    ['/api/v1/secret/%', '/api/v1/secret/%25'],
    ['/api/v1/secret/%ff?a=%20', '/api/v1/secret/%25ff?a=%20'],
    ['/%61pi/v1/secret/a%20%zz%c3%28', '/%61pi/v1/secret/a%20%25zz%25c3%2528'],
  ])('rewrites the escapes of %s to %s', (url, rewritten) => {
    expect(rewriteUrl(url)).toBe(rewritten);
  });

  it.each([
    ['//api//v1///share', '/api/v1/share'],
    ['/api/v1/status/', '/api/v1/status'],
    ['///api/v1/status///?a=//b/', '/api/v1/status?a=//b/'],
    ['//api/', '/api'],
    ['/api//domains//dm1//verify/', '/api/domains/dm1/verify'],
    ['/api//v1/private//abc/burn', '/api/v1/private/abc/burn'],
    ['/%61pi//v1/share', '/%61pi/v1/share'],
    ['/api/v1//secret/', '/api/v1/secret'],
    ['/', '/'],
    ['*', '*'],
    ['/x//api/v1/share', '/x//api/v1/share'],
  ])('rewrites the slashes of %s to %s', (url, rewritten) => {
    expect(rewriteUrl(url)).toBe(rewritten);
  });

  it('always returns a path that decodes, and changes it no further', () => {
    const segment = fc.constantFrom('/', '//', 'api', 'v1', '%', '%2', '%2f', '%ff', '%c3', '%41');
    const path = fc.oneof(
      fc.string(),
      fc.array(segment).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(path, (text) => {
        const once = rewriteUrl(`/${text}`);
        expect(() => decodeURIComponent(once.split('?', 1)[0] ?? '')).not.toThrow();
        expect(rewriteUrl(once)).toBe(once);
      }),
    );
  });
});
