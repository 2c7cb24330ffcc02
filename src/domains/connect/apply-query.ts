/** The groups of the templates: what leads the name here, what lets us get certificates, what proves the claim. */
export type TemplateGroup = 'route' | 'certify' | 'prove';

/** What the customer is asked to apply. */
export interface ApplyRequest {
  readonly zone: string;
  /** Relative to the zone; null for its apex. */
  readonly host: string | null;
  /** By name, in lower case. */
  readonly variables: Readonly<Record<string, string>>;
  /** Null: the whole template. */
  readonly groups: readonly TemplateGroup[] | null;
  readonly redirectUri: string;
}

export interface ApplyService {
  /** Of the DNS provider, without a query. */
  readonly syncUrl: string;
  readonly providerId: string;
  readonly serviceId: string;
}

const NAME = /^[a-z]+$/;
// Characters that every encoder leaves as they are. URLSearchParams and encodeURIComponent differ in others.
const PLAIN = /^[A-Za-z0-9._-]+$/;
const REDIRECT = /^https:\/\/[A-Za-z0-9._-]+(?::\d{1,5})?(?:\/[A-Za-z0-9._-]+)*$/;
const GROUPS = /^[a-z]+(?:,[a-z]+)*$/;

/**
 * The query to sign. Some providers verify what was sent, some sort the parameters first, some decode and encode them
 * again: the three are the same bytes here. @throws Error for a value that would make them differ
 */
export function applyQuery({ zone, host, variables, groups, redirectUri }: ApplyRequest): string {
  const parameters = [
    ...Object.entries(variables).map(([name, value]) => part(requireMatch(name, NAME), value)),
    part('domain', zone),
    ...(host === null ? [] : [part('host', host)]),
    ...(groups === null ? [] : [part('groupId', groups.join(','), GROUPS)]),
    part('redirect_uri', redirectUri, REDIRECT),
  ];
  return parameters.toSorted(byBytes).join('&');
}

/** The address that the browser opens. `key` and `sig` are not signed and come last. */
export function applyUrl(
  { syncUrl, providerId, serviceId }: ApplyService,
  query: string,
  { label, signature }: { readonly label: string; readonly signature: string },
): string {
  const place = `/v2/domainTemplates/providers/${providerId}/services/${serviceId}/apply`;
  const sig = encodeURIComponent(signature);
  return `${syncUrl}${place}?${query}&key=${requireMatch(label, PLAIN)}&sig=${sig}`;
}

function part(name: string, value: string, rule = PLAIN): string {
  return `${name}=${encodeURIComponent(requireMatch(value, rule))}`;
}

function requireMatch(text: string, rule: RegExp): string {
  if (rule.test(text)) return text;
  throw new Error(`cannot be signed: ${text.slice(0, 100)}`);
}

/** All are ASCII, in which the order of bytes is that of UTF-16. */
function byBytes(one: string, other: string): number {
  const [left = '', right = ''] = [one.split('=')[0], other.split('=')[0]];
  return left < right ? -1 : Number(left > right);
}
