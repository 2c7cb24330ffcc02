import type { Tenant } from '../tenancy/tenant.js';

type Headers = Readonly<Record<string, string>>;

/** The headers of every response, of a cell and of the gateway. Pages replace some of them. */
export const COMMON_HEADERS: Headers = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  // An answer that is opened as a document runs and loads nothing, and no site can frame it.
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  // No other site can embed an answer as a script or an image. Requests by CORS are not affected: api/cors.ts allows them.
  'cross-origin-resource-policy': 'same-origin',
};

/** On our own hosts only, and only over TLS (RFC 6797 §7.2). */
export const HSTS_HEADER: Headers = { 'strict-transport-security': 'max-age=31536000' };
// RFC 9745: the base domain itself is deprecated since 2026-01-01.
const DEPRECATED_SINCE = '@1767225600';

const headersByTenant = new WeakMap<Tenant, Headers>();

/** The headers of all responses of a tenant. No HSTS on a custom domain: its owner decides about it. */
export function tenantHeaders(tenant: Tenant): Headers {
  const known = headersByTenant.get(tenant);
  if (known !== undefined) return known;
  const headers = {
    ...COMMON_HEADERS,
    ...(tenant.domain === null ? HSTS_HEADER : {}),
    ...(tenant.isDeprecatedName
      ? { deprecation: DEPRECATED_SINCE, link: `<${tenant.origin}/api>; rel="successor-version"` }
      : {}),
  };
  headersByTenant.set(tenant, headers);
  return headers;
}
