import type { Region } from '../../config/region.js';
import { type Statement, Statements } from '../../database/statements.js';
import type { Hostname } from '../../shared/hostname.js';

// A statement, since it runs for unauthenticated clients: one for each challenge that no region of the process knows.
const FIND: Statement = {
  name: 'domain_moves_target',
  text: `
    select m.region from domains d
    join domain_moves m on m.domain_id = d.id and m.direction = 'out' and m.state = 'open' and m.expires_at > now()
    where d.hostname = $1 and d.removed_at is null and d.ownership in ('verified', 'lapsed')`,
};

/** Where a name moves to: the new region gets its certificate while it still leads here. Null: it moves nowhere. */
export async function findMoveTarget(
  statements: Statements,
  hostname: Hostname,
): Promise<Region | null> {
  const [row] = await statements.run<{ region: Region }>(FIND, [hostname]);
  return row?.region ?? null;
}
