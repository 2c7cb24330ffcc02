import type { IncomingMessage } from 'node:http';
import type { Config } from '../config/config.js';
import type { Region } from '../config/region.js';
import type { Cell } from '../region/cell.js';
import { requireHostname, type Hostname } from '../shared/hostname.js';
import { httpsOrigin } from '../tenancy/region-tenants.js';
import type { Tenant } from '../tenancy/tenant.js';

/** Where a request goes. */
export type Destination =
  | { readonly kind: 'cell'; readonly cell: Cell; readonly tenant: Tenant }
  /** A region of the fleet that another process serves. */
  | { readonly kind: 'elsewhere'; readonly origin: string }
  /** Ours, but not up yet. */
  | { readonly kind: 'starting'; readonly region: Region }
  /** Nobody can say whether a customer's name is ours. */
  | { readonly kind: 'unavailable' }
  | { readonly kind: 'unknown' };

/** Where each name of the base domain goes, given the cells that are up. */
export class HostTable {
  readonly #cells = new Map<Region, Cell>();
  #cellList: readonly Cell[] = [];
  readonly #regionByHost: ReadonlyMap<Hostname, Region>;
  readonly #served: readonly Region[];

  constructor(private readonly config: Config) {
    this.#regionByHost = new Map(config.fleet.map((region) => [hostOf(region, config), region]));
    this.#served = config.served.map(({ region }) => region);
  }

  /** Every name of the base domain that a certificate may be asked for. */
  get names(): readonly Hostname[] {
    return [this.config.baseDomain, ...this.#regionByHost.keys()];
  }

  /** Whether a name is ours, as against a customer's: a region's host, served here or not, or the base domain. */
  isOwn(hostname: Hostname): boolean {
    return hostname === this.config.baseDomain || this.#regionByHost.has(hostname);
  }

  /** The same array until another cell is up. */
  get cells(): readonly Cell[] {
    return this.#cellList;
  }

  /** The cell that answers on a host of ours: the region's, on the base domain the default region's. */
  ownCell(hostname: Hostname): Cell | null {
    const isBare = hostname === this.config.baseDomain;
    const region = isBare ? this.config.defaultRegion : this.#regionByHost.get(hostname);
    return (region === undefined ? undefined : this.#cells.get(region)) ?? null;
  }

  add(cell: Cell): void {
    this.#cells.set(cell.region, cell);
    this.#cellList = [...this.#cells.values()];
  }

  find(hostname: Hostname, request: IncomingMessage): Destination {
    if (hostname === this.config.baseDomain) return this.#bareDomain(request);
    const region = this.#regionByHost.get(hostname);
    return region === undefined ? { kind: 'unknown' } : this.#region(region, 'canonical');
  }

  /**
   * The bare domain is one more name for the default region's host. While that region's database is away, what needs
   * no key and no account of it goes to the next region; the rest gets that region's own 503.
   */
  #bareDomain(request: IncomingMessage): Destination {
    const home = this.config.defaultRegion;
    if (this.#served.includes(home) && !this.#isUp(home) && canMove(request)) {
      const next = this.#served.find((region) => this.#isUp(region));
      if (next !== undefined) return this.#region(next, 'deprecated');
    }
    return this.#region(home, 'deprecated');
  }

  #region(region: Region, name: 'canonical' | 'deprecated'): Destination {
    if (!this.#served.includes(region)) {
      return {
        kind: 'elsewhere',
        origin: httpsOrigin(hostOf(region, this.config), this.config.publicHttpsPort),
      };
    }
    const cell = this.#cells.get(region);
    return cell === undefined
      ? { kind: 'starting', region }
      : { kind: 'cell', cell, tenant: cell.tenants[name] };
  }

  #isUp(region: Region): boolean {
    return this.#cells.get(region)?.isReachable() ?? false;
  }
}

const MOVABLE = new Set([
  'GET /api/v1/status',
  'HEAD /api/v1/status',
  'POST /api/v1/share',
  'POST /api/v1/create',
  'POST /api/v1/generate',
  'GET /',
  'POST /',
  'GET /style.css',
]);

/** Credentials are a region's own: another one would call them wrong, and an outage must not read as that. */
function canMove({ method, url, headers }: IncomingMessage): boolean {
  const path = (url ?? '/').split('?', 1)[0];
  return headers.authorization === undefined && MOVABLE.has(`${method} ${path}`);
}

function hostOf(region: Region, config: Config): Hostname {
  return requireHostname(`${region}.${config.baseDomain}`);
}
