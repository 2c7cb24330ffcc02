/** What a request to Pebble is about. */
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
  /** Whose certificate it is about; null: no single name's. */
  readonly hostname: string | null;
  /** What was signed; null for POST-as-GET and for what is not signed. */
  readonly payload: Readonly<Record<string, unknown>> | null;
  /** What Pebble answered; null: it was not asked, or not yet. */
  done: number | null;
  /** What the client was answered; null: nothing, or not yet. */
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
