import type { Cell } from '../region/cell.js';
import type { Hostname } from '../shared/hostname.js';
import type { Tenant } from '../tenancy/tenant.js';

/** Where a request goes. */
export type Destination =
  | { readonly kind: 'cell'; readonly cell: Cell; readonly tenant: Tenant }
  /** The second name of a pair: it leads to the main one, at the same path. */
  | { readonly kind: 'redirect'; readonly to: Hostname }
  /** A region of the fleet that another process serves. */
  | { readonly kind: 'elsewhere'; readonly origin: string }
  /** The host of a region that this process serves and that has not started yet. */
  | { readonly kind: 'starting' }
  /** A cell that may serve the name cannot answer. */
  | { readonly kind: 'unavailable' }
  | { readonly kind: 'unknown' };
