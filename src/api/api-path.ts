const ESCAPES = /(?:%[0-9a-f]{2})+/gi;
const BLANKS_AND_SLASHES = /[\s/\\]+/g;
/** A first segment `api`, also with a suffix as in `/api;x` or `/api.json`, or the version alone, as in `/v1/share`. */
const API = /^\/(?:api|v\d+)(?![\p{L}\p{N}_-])/u;
const V2_API = /^\/api\/v2(?:\/|$)/;
const RETENTION = /^\/\.well-known\/retention\/?$/;
const TYPED_API =
  /^\/(?:api\/(?:domains|account|openapi\.json|docs)(?:\/|$)|\.well-known\/retention\/?$)/;

/**
 * True for a path that was meant for the API, which answers in JSON; every other path answers with a page. Escapes,
 * capitals, dot segments and slashes too many do not make a page of it: a program would get HTML to parse. So would one
 * that asks the server as a whole, by `OPTIONS *`.
 */
export function isApiPath(path: string): boolean {
  if (path === '*') return true;
  const plain = plainPath(path);
  return API.test(plain) || API.test(withoutDotSegments(plain)) || RETENTION.test(plain);
}

/** True for a path of the domain and account APIs and of their document: typedErrorAnswer() writes their errors. */
export function isTypedApiPath(path: string): boolean {
  return TYPED_API.test(plainPath(path));
}

/** True for a path of API v2. */
export function isV2Path(path: string): boolean {
  return V2_API.test(plainPath(path));
}

/** The path as its sender meant it. For recognition only: it is never routed. */
function plainPath(path: string): string {
  return `/${decodeEscapes(path)}`.replace(BLANKS_AND_SLASHES, '/').toLowerCase();
}

function withoutDotSegments(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split('/').slice(1)) {
    if (segment === '..') segments.pop();
    else if (segment !== '.') segments.push(segment);
  }
  return `/${segments.join('/')}`;
}

/** Decodes what can be decoded: a broken escape elsewhere in the path changes nothing. */
function decodeEscapes(path: string): string {
  return path.replace(ESCAPES, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });
}
