import type { Hostname } from '../shared/hostname.js';
import type { AcmeClient, OrderWishes } from './acme-client.js';
import type { AcmeOrder } from './acme-objects.js';
import { ACME_ERROR, AcmeProblem } from './acme-problem.js';
import { classify } from './classify-problem.js';

export interface PlacedOrder {
  readonly order: AcmeOrder;
  /** Why the CA refused the order with all wishes; null: it did not. */
  readonly refused: AcmeProblem | null;
}

/** CAs refuse `replaces` with different types and statuses. */
const REPLACES_TYPES = new Set(['alreadyReplaced', 'malformed', 'unauthorized', 'conflict']);
const REPLACES_STATUSES = new Set([404, 409]);

/** Places an order. If the CA refuses a wish, places it once more without that wish. */
export async function placeOrder(
  client: AcmeClient,
  hostname: Hostname,
  wishes: OrderWishes,
): Promise<PlacedOrder> {
  try {
    return { order: await client.newOrder(hostname, wishes), refused: null };
  } catch (error) {
    if (!(error instanceof AcmeProblem)) throw error;
    const fewer = withoutRefused(wishes, error);
    if (fewer === null) throw error;
    return { order: await client.newOrder(hostname, fewer), refused: error };
  }
}

function withoutRefused(wishes: OrderWishes, problem: AcmeProblem): OrderWishes | null {
  const name = problem.type.replace(ACME_ERROR, '');
  if (wishes.profile !== null && name === 'invalidProfile') return { ...wishes, profile: null };
  const isAboutReplaces =
    classify(problem) === 'bad_replaces' ||
    REPLACES_TYPES.has(name) ||
    REPLACES_STATUSES.has(problem.status);
  return wishes.replaces !== null && isAboutReplaces ? { ...wishes, replaces: null } : null;
}
