import type { MoveWorld, Side } from './move-world.js';
import type { Exchange } from './region-relay.js';

/** Shorter ones are words of ours: states, types, names of columns. */
const LENGTH_MIN = 16;

/** Every text of the region's database that is long enough to be a key, a value, a label or a hash. */
export async function textsIn(world: MoveWorld, side: Side): Promise<Set<string>> {
  const tables = await world.query<{ name: string }>(
    side,
    `select quote_ident(tablename) as name from pg_tables where schemaname = 'public'`,
  );
  const texts = new Set<string>();
  for (const { name } of tables) {
    const rows = await world.query<{ row: unknown }>(
      side,
      `select to_jsonb(t) as row from ${name} t`,
    );
    for (const { row } of rows) collect(row, texts);
  }
  return texts;
}

function collect(value: unknown, texts: Set<string>): void {
  if (typeof value === 'string') {
    if (value.length >= LENGTH_MIN) texts.add(value);
  } else if (typeof value === 'object' && value !== null) {
    for (const each of Object.values(value)) collect(each, texts);
  }
}

/** What was said between the regions, without what the CA asked. */
export function wordsOf(exchanges: readonly Exchange[]): Record<string, unknown>[] {
  return exchanges
    .filter(({ path }) => path.startsWith('/api/domains/moves'))
    .flatMap(({ body, answer }) => [body, answer ?? ''])
    .filter((text) => text !== '')
    .map((text) => JSON.parse(text) as Record<string, unknown>);
}
