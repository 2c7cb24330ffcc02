import type { CellConfig } from '../config/cell-config.js';
import type { Hostname } from '../shared/hostname.js';
import { httpsOrigin } from '../tenancy/region-tenants.js';

/** How a tenant shows itself in mails about it. */
export interface MailBrand {
  readonly name: string;
  readonly host: Hostname;
  /** Of links, without a slash at the end. */
  readonly origin: string;
  readonly colours: { readonly accent: string; readonly onAccent: string };
}

const COLOURS = { accent: '#1f4fb8', onAccent: '#ffffff' } as const;

/** The brand of a custom domain, or of the region's own host: its name, until tenants have more. */
export function brandOf(
  { host: ownHost, publicHttpsPort }: Pick<CellConfig, 'host' | 'publicHttpsPort'>,
  domain: Hostname | null,
): MailBrand {
  const host = domain ?? ownHost;
  return { name: host, host, origin: httpsOrigin(host, publicHttpsPort), colours: COLOURS };
}
