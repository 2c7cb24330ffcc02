/** The ACME resource that a request is for. */
export type RequestKind =
  | 'directory'
  | 'newNonce'
  | 'newAccount'
  | 'newOrder'
  | 'order'
  | 'authz'
  | 'challenge'
  | 'finalize'
  | 'cert'
  | 'revoke'
  | 'ari'
  | 'other';

const PATHS: readonly (readonly [string, RequestKind])[] = [
  ['/dir', 'directory'],
  ['/nonce-plz', 'newNonce'],
  ['/sign-me-up', 'newAccount'],
  ['/order-plz', 'newOrder'],
  ['/my-order/', 'order'],
  ['/authZ/', 'authz'],
  ['/chalZ/', 'challenge'],
  ['/finalize-order/', 'finalize'],
  ['/certZ/', 'cert'],
  ['/revoke-cert', 'revoke'],
  ['/renewal-info/', 'ari'],
];

export function kindOf(path: string): RequestKind {
  return PATHS.find(([prefix]) => path.startsWith(prefix))?.[1] ?? 'other';
}

/** One request as the proxy saw it. */
export interface SeenRequest {
  readonly kind: RequestKind;
  /** Counted from 1 within its kind. */
  readonly n: number;
  readonly path: string;
  /** The host name that it is about; null: no single one. */
  readonly hostname: string | null;
  /** The signed payload; null for POST-as-GET and unsigned requests. */
  readonly payload: Readonly<Record<string, unknown>> | null;
  /** Pebble's status; null: no answer from Pebble (yet). */
  done: number | null;
  /** The status sent to the client; null: none (yet). */
  status: number | null;
}

/** The payload of a JWS, unverified. */
export function payloadOf(body: Buffer): Readonly<Record<string, unknown>> | null {
  try {
    const { payload } = JSON.parse(body.toString()) as { payload: string };
    return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
  } catch {
    return null;
  }
}
