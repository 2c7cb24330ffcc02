import type { ServedDomain } from '../domains/serving/served-domain.js';
import type { Cell } from '../region/cell.js';
import { AppError, unavailable } from '../shared/app-error.js';
import type { Hostname } from '../shared/hostname.js';
import type { Network } from '../shared/network.js';
import type { LookupLimiter } from './lookup-limiter.js';

/** The part of a cell that the lookup uses. */
export type LookupCell = Pick<Cell, 'region'> & {
  readonly names: Pick<Cell['names'], 'findDomain' | 'isKnown'>;
};

export interface LocatedDomain<C extends LookupCell = Cell> {
  readonly cell: C;
  readonly domain: ServedDomain;
}

type Answer = ServedDomain | null | Promise<ServedDomain | null>;

/** Finds the cell of this process that serves a custom domain. */
export class CustomDomainLookup<C extends LookupCell = Cell> {
  constructor(
    private readonly cells: () => readonly C[],
    private readonly limiter: LookupLimiter,
  ) {}

  /**
   * Synchronous when every cell has the name in its cache, else one query in each cell. Null: no cell serves the name, or
   * the network has no token left. Rejects with AppError `unavailable` when a cell that may serve the name cannot answer.
   * @param network the network charged for a cache miss that finds nothing; null looks in the caches only
   */
  find(
    hostname: Hostname,
    network: Network | null,
  ): LocatedDomain<C> | null | Promise<LocatedDomain<C> | null> {
    const cells = this.cells();
    const isKnown = cells.every((cell) => cell.names.isKnown(hostname));
    if (!isKnown && (network === null || !this.limiter.takeToken(network))) return null;
    const answers = cells.map((cell): Answer => cell.names.findDomain(hostname));
    if (answers.every((answer) => !(answer instanceof Promise))) {
      return newest(cells, answers as (ServedDomain | null)[]);
    }
    const found = settle(cells, answers);
    return isKnown || network === null ? found : this.#returnTokenIfFound(found, network);
  }

  async #returnTokenIfFound(
    found: Promise<LocatedDomain<C> | null>,
    network: Network,
  ): Promise<LocatedDomain<C> | null> {
    const located = await found;
    if (located !== null) this.limiter.returnToken(network);
    return located;
  }
}

/**
 * If one cell cannot answer, a domain of another cell counts only if its DNS was seen pointing to that cell: otherwise
 * the cell that cannot answer may be the right one.
 */
async function settle<C extends LookupCell>(
  cells: readonly C[],
  answers: readonly Answer[],
): Promise<LocatedDomain<C> | null> {
  const settled = await Promise.allSettled(answers.map((answer) => Promise.resolve(answer)));
  const located = newest(
    cells,
    settled.map((each) => (each.status === 'fulfilled' ? each.value : null)),
  );
  const failed = settled.find((each) => each.status === 'rejected');
  if (failed === undefined || (located !== null && located.domain.pointedAt !== null)) {
    return located;
  }
  throw failed.reason instanceof AppError ? failed.reason : unavailable(failed.reason);
}

/** If two regions have a proof for one name, the region that its DNS pointed to last serves it. */
function newest<C extends LookupCell>(
  cells: readonly C[],
  domains: readonly (ServedDomain | null)[],
): LocatedDomain<C> | null {
  let best: LocatedDomain<C> | null = null;
  for (const [index, cell] of cells.entries()) {
    const domain = domains[index] ?? null;
    if (domain === null) continue;
    if (best === null || since(domain) > since(best.domain)) best = { cell, domain };
  }
  return best;
}

function since({ pointedAt }: ServedDomain): number {
  return pointedAt?.getTime() ?? -Infinity;
}
