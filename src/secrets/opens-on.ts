import { keepsLinksToItself } from '../domains/domain-policy.js';

/**
 * A condition in SQL: the link of this secret opens on the host of the request. On a custom domain only those of that
 * domain do; on the region's own host, where the parameter is null, all but those of domains that keep theirs to
 * themselves. The table of domains belongs to a room below; it is read here so that opening costs no further round trip.
 */
export function opensOn(host: string, secret: string): string {
  return `case when ${host}::text is not null then ${secret}.domain = ${host}
      else ${secret}.domain is null or not ${keepsLinksToItself(`${secret}.domain`)} end`;
}
