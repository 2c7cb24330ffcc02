import type { ServedDomain } from '../domains/serving/served-domain.js';
import type { Cell } from '../region/cell.js';
import { AppError, unavailable } from '../shared/app-error.js';
import type { Hostname } from '../shared/hostname.js';
import type { Network } from '../shared/network.js';
import type { LookupLimiter } from './lookup-limiter.js';

/** What a custom domain needs of a cell. */
export type LookupCell = Pick<Cell, 'region'> & {
  readonly names: Pick<Cell['names'], 'findDomain' | 'isKnown'>;
};

export interface LocatedDomain<C extends LookupCell = Cell> {
  readonly cell: C;
  readonly domain: ServedDomain;
}

type Answer = ServedDomain | null | Promise<ServedDomain | null>;

/** Which of the process's cells serves a custom domain. */
export class CustomDomainLookup<C extends LookupCell = Cell> {
  constructor(
    private readonly cells: () => readonly C[],
    private readonly limiter: LookupLimiter,
  ) {}

  /**
   * At once for names that are known; else after one query in each cell, for which the network that asks pays when
   * nothing is found. Null: nobody serves the name here, or the network has used up what it may ask.
   * Rejects with AppError `unavailable` when nobody can say.
   * @param network null: nobody pays, so that a name is found only if it is known
   */
  find(
    hostname: Hostname,
    network: Network | null,
  ): LocatedDomain<C> | null | Promise<LocatedDomain<C> | null> {
    const cells = this.cells();
    const isKnown = cells.every((cell) => cell.names.isKnown(hostname));
    if (!isKnown && (network === null || !this.limiter.takeToken(network))) return null;
    const answers = cells.map((cell) => askCell(cell, hostname));
    if (answers.every((answer) => !(answer instanceof Promise))) {
      return newest(cells, answers as (ServedDomain | null)[]);
    }
    const found = settle(cells, answers);
    return isKnown || network === null ? found : this.#charge(found, network);
  }

  async #charge(
    found: Promise<LocatedDomain<C> | null>,
    network: Network,
  ): Promise<LocatedDomain<C> | null> {
    const name = await found;
    if (name !== null) this.limiter.returnToken(network);
    return name;
  }
}

function askCell(cell: LookupCell, hostname: Hostname): Answer {
  return cell.names.findDomain(hostname);
}

/**
 * A cell that cannot answer may be the one that the name leads to: only what is seen to lead to another one is served
 * meanwhile.
 */
async function settle<C extends LookupCell>(
  cells: readonly C[],
  answers: readonly Answer[],
): Promise<LocatedDomain<C> | null> {
  const settled = await Promise.allSettled(answers.map((answer) => Promise.resolve(answer)));
  const name = newest(
    cells,
    settled.map((each) => (each.status === 'fulfilled' ? each.value : null)),
  );
  const failed = settled.find((each) => each.status === 'rejected');
  if (failed === undefined || (name !== null && name.domain.pointedAt !== null)) return name;
  throw failed.reason instanceof AppError ? failed.reason : unavailable(failed.reason);
}

/** Two regions may have proven one name: it belongs to the one that it was last seen to lead to. */
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
