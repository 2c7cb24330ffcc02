import type { IncomingMessage } from 'node:http';
import type { Config } from '../config/config.js';
import type { Region } from '../config/region.js';
import type { Cell } from '../region/cell.js';
import { requireHostname, type Hostname } from '../shared/hostname.js';
import { httpsOrigin } from '../tenancy/region-tenants.js';
import type { Destination } from './destination.js';

/** Maps each own host, that is a region's host or the base domain, to a running cell or to another destination. */
export class HostTable {
  readonly #cells = new Map<Region, Cell>();
  #cellList: readonly Cell[] = [];
  readonly #regionByHost: ReadonlyMap<Hostname, Region>;
  readonly #served: readonly Region[];

  constructor(private readonly config: Config) {
    this.#regionByHost = new Map(config.fleet.map((region) => [hostOf(region, config), region]));
    this.#served = config.served.map(({ region }) => region);
  }

  /** Whether the name is an own host, served by this process or not. Other names may be custom domains. */
  isOwn(hostname: Hostname): boolean {
    return hostname === this.config.baseDomain || this.#regionByHost.has(hostname);
  }

  /** The running cells. The array is replaced, not changed, when a cell is added. */
  get cells(): readonly Cell[] {
    return this.#cellList;
  }

  /** The region of an own host; for the base domain, the default region. */
  regionOf(hostname: Hostname): Region | undefined {
    const isBaseDomain = hostname === this.config.baseDomain;
    return isBaseDomain ? this.config.defaultRegion : this.#regionByHost.get(hostname);
  }

  /** The running cell of an own host. */
  ownCell(hostname: Hostname): Cell | null {
    const region = this.regionOf(hostname);
    return (region === undefined ? undefined : this.#cells.get(region)) ?? null;
  }

  add(cell: Cell): void {
    this.#cells.set(cell.region, cell);
    this.#cellList = [...this.#cells.values()];
  }

  find(hostname: Hostname, request: IncomingMessage): Destination {
    if (hostname === this.config.baseDomain) return this.#baseDomain(request);
    const region = this.#regionByHost.get(hostname);
    return region === undefined ? { kind: 'unknown' } : this.#region(region, 'canonical');
  }

  /**
   * The base domain is a second name of the default region's host. While that region's database is unreachable, requests
   * that need no key and no account of the region go to the next region; all others get the region's own 503.
   */
  #baseDomain(request: IncomingMessage): Destination {
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
      ? { kind: 'starting' }
      : { kind: 'cell', cell, tenant: cell.tenants[name] };
  }

  #isUp(region: Region): boolean {
    return this.#cells.get(region)?.databaseState() === 'writable';
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
  'GET /icon.svg',
  'GET /favicon.ico',
]);

/** Credentials are valid in one region only. Another region would refuse them as wrong, which would hide the outage. */
function canMove({ method, url, headers }: IncomingMessage): boolean {
  const path = (url ?? '/').split('?', 1)[0];
  return headers.authorization === undefined && MOVABLE.has(`${method} ${path}`);
}

function hostOf(region: Region, config: Config): Hostname {
  return requireHostname(`${region}.${config.baseDomain}`);
}
