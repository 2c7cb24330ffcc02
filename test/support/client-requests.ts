// How the published clients in other languages write their requests: facts about the wire, read in their sources.

/** How a client sends its parameters. */
type Style = 'form' | 'untyped' | 'query' | 'query as JSON' | 'two types' | 'multipart';

export type CallName = 'status' | 'share' | 'generate' | 'reveal' | 'show' | 'burn' | 'recent';

export interface PublishedClient {
  readonly name: string;
  /** The path of its base URL, as its documentation writes it, without a slash at the end. */
  readonly base: string;
  /** How it joins the base and the path of a call, which begins with a slash. */
  readonly join: (base: string, path: string) => string;
  readonly style: Style;
  /** What it always sends, beside Host, Authorization and the headers of the body. */
  readonly headers: readonly string[];
  readonly calls: readonly CallName[];
  /** Without credentials: some send them only when they are asked for. */
  readonly isAnonymous?: boolean;
}

const ALL: readonly CallName[] = [
  'status',
  'share',
  'generate',
  'show',
  'reveal',
  'burn',
  'recent',
];

/** The base and the path with a slash between, whatever the base ends in. */
const plainly = (base: string, path: string): string => `${base}${path}`;

export const PUBLISHED_CLIENTS: readonly PublishedClient[] = [
  {
    name: 'onetime 0.5 (Ruby, HTTParty)',
    base: '/api',
    join: (base, path) => `${base}/v1${path}`,
    style: 'form',
    headers: [
      'Accept-Encoding: gzip;q=1.0,deflate;q=0.6,identity;q=0.3',
      'Accept: */*',
      'User-Agent: Ruby',
    ],
    calls: ALL,
  },
  {
    name: 'onetimesecret 0.7 (Ruby, Net::HTTP)',
    base: '',
    join: (base, path) => `${base.endsWith('/') ? base : `${base}/`}api/v1${path}`,
    style: 'form',
    headers: [
      'Accept: application/json',
      'User-Agent: onetime-ruby/0.7.0 (Ruby/3.3.0)',
      'X-Onetime-Client: ruby:3.3.0/0.7.0',
    ],
    calls: ALL,
  },
  {
    name: 'py_onetimesecret (Python 2, urllib2)',
    base: '',
    join: (base, path) => `${base}/api/v1${path}`,
    style: 'form',
    headers: ['Accept-Encoding: identity', 'Connection: close', 'User-Agent: Python-urllib/2.7'],
    calls: ['status', 'share', 'generate', 'show', 'reveal'],
    // It waits for a WWW-Authenticate, which v1 never sends.
    isAnonymous: true,
  },
  {
    name: 'onetimesecret (Python, requests)',
    base: '',
    join: (base, path) => `${base}/api/v1${path}`,
    style: 'form',
    headers: [
      'User-Agent: python-requests/2.32.3',
      'Accept-Encoding: gzip, deflate',
      'Accept: */*',
      'Connection: keep-alive',
    ],
    calls: ['share'],
  },
  {
    name: 'corbaltcode/go-onetimesecret (Go)',
    base: '',
    join: (base, path) => `${base}/api/v1${path}`,
    style: 'query',
    headers: ['User-Agent: Go-http-client/1.1', 'Accept-Encoding: gzip'],
    calls: ALL,
  },
  {
    name: 'jdockerty/onetimesecret-go (Go)',
    base: '/api/v1',
    join: plainly,
    style: 'untyped',
    headers: ['User-Agent: Go-http-client/1.1', 'Accept-Encoding: gzip'],
    calls: ALL,
  },
  {
    name: 'chelnak/onetimesecret-go (Go)',
    base: '/api/v1',
    // Every path ends in a slash.
    join: (base, path) => `${base}${path}/`,
    style: 'query as JSON',
    headers: [
      'User-Agent: Go-http-client/1.1',
      'Accept: application/json; charset=utf-8',
      'Accept-Encoding: gzip',
    ],
    calls: ALL,
  },
  {
    name: 'OneTimeSecret (PowerShell)',
    base: '',
    // Its paths begin with a slash, behind `api/`.
    join: (base, path) => `${base}/api//v1${path}`,
    style: 'query',
    headers: ['User-Agent: Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1'],
    calls: ALL,
  },
  {
    name: 'onetimesecret-bash (curl)',
    base: '',
    join: (base, path) => `${base}/api/v1${path}`,
    style: 'multipart',
    headers: ['User-Agent: curl/7.88.1', 'Accept: */*'],
    calls: ALL,
  },
  {
    name: 'Net::OneTimeSecret (Perl, LWP)',
    base: '/api/v1',
    join: plainly,
    style: 'form',
    headers: ['TE: deflate,gzip;q=0.3', 'Connection: TE, close', 'User-Agent: libwww-perl/6.67'],
    calls: ['status', 'share', 'generate', 'show', 'reveal'],
  },
  {
    name: 'OneTimeSecret.php (PHP, streams)',
    base: '',
    join: (base, path) => `${base}/api/v1${path}`,
    style: 'two types',
    headers: ['Connection: close'],
    calls: ['share', 'generate'],
  },
  {
    name: 'one-time-secret.el (Emacs, plz)',
    base: '/api/v1',
    join: plainly,
    style: 'form',
    headers: ['User-Agent: curl/8.5.0', 'Accept: */*'],
    calls: ['status', 'share'],
  },
];

export interface ClientCall {
  readonly method: 'GET' | 'POST';
  /** Below `/api/v1`. */
  readonly path: string;
  readonly parameters?: Readonly<Record<string, string>>;
}

/** The bytes of a request. @param base the path of the base URL, with the slashes at its end */
export function bytesOf(
  { join, style, headers, isAnonymous = false }: PublishedClient,
  base: string,
  call: ClientCall,
  { authority, auth }: { readonly authority: string; readonly auth: string },
): string {
  const { query, type, body } = encoded(style, call);
  const target = `${join(base, call.path)}${query}`;
  const credentials = Buffer.from(auth).toString('base64');
  const lines = [
    `${call.method} ${target} HTTP/1.1`,
    `Host: ${authority}`,
    ...(isAnonymous ? [] : [`Authorization: Basic ${credentials}`]),
    ...headers,
    ...type,
    ...(call.method === 'POST' ? [`Content-Length: ${Buffer.byteLength(body)}`] : []),
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

interface Encoded {
  readonly query: string;
  readonly type: readonly string[];
  readonly body: string;
}

const URLENCODED = 'Content-Type: application/x-www-form-urlencoded';
const BOUNDARY = '------------------------d74496d66958873e';

function encoded(style: Style, { method, parameters = {} }: ClientCall): Encoded {
  const form = new URLSearchParams(parameters).toString();
  const query = form === '' ? '' : `?${form}`;
  if (style === 'query as JSON')
    return { query, type: ['Content-Type: application/json; charset=utf-8'], body: '' };
  if (style === 'query' || method === 'GET') return { query, type: [], body: '' };
  if (style === 'untyped') return { query: '', type: [], body: form };
  if (style === 'two types')
    return { query: '', type: ['Content-Type: text/html; charset=utf-8', URLENCODED], body: form };
  if (style === 'form' || form === '') return { query: '', type: [URLENCODED], body: form };
  const parts = Object.entries(parameters).map(
    ([name, value]) =>
      `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return {
    query: '',
    type: [`Content-Type: multipart/form-data; boundary=${BOUNDARY}`],
    body: `${parts.join('')}--${BOUNDARY}--\r\n`,
  };
}
