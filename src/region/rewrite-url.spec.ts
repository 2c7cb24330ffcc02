import fc from 'fast-check';
import { rewriteUrl } from './rewrite-url.js';

describe(rewriteUrl, () => {
  it.each([
    ['/api/v1/secret/abc?x=%zz', '/api/v1/secret/abc?x=%zz'],
    ['/api/v1/secret/a%20b', '/api/v1/secret/a%20b'],
    ['/api/v1/secret/%zz', '/api/v1/secret/%25zz'],
    ['/api/v1/secret/%', '/api/v1/secret/%25'],
    ['/api/v1/secret/%ff?a=%20', '/api/v1/secret/%25ff?a=%20'],
  ])('rewrites %s to %s', (url, rewritten) => {
    expect(rewriteUrl(url)).toBe(rewritten);
  });

  it('always returns a path that decodes', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const path = rewriteUrl(`/${text}`).split('?', 1)[0] ?? '';
        expect(() => decodeURIComponent(path)).not.toThrow();
      }),
    );
  });
});
