import type { Tenant } from '../tenancy/tenant.js';

/** The address of a link to the set-up of a claim. */
export function setupLinkUrl({ origin }: Pick<Tenant, 'origin'>, token: string): string {
  return `${origin}/setup/${token}`;
}
