import { openTestDatabase } from '../../support/test-database.js';
import { poolOf } from '../../../src/database/statements.js';
import { anonymous, conceal, openRoom, ownerCaller } from './support.js';
it('bench', async () => {
  const db = await openTestDatabase();
  const room = openRoom(db);
  const keys = [];
  const N = 1500;
  const log: string[] = [];
  const time = async (n: string, f: () => Promise<unknown>) => { const t = performance.now(); await f(); log.push(`${n} ${((performance.now() - t) / N).toFixed(3)} ms`); };
  for (let r = 0; r < 2; r++) {
  keys.length = 0;
  await time('conceal', async () => { for (let i = 0; i < N; i++) keys.push(await conceal(room, {}, ownerCaller)); });
  await time('show', async () => { for (const k of keys) await room.receipts.show(anonymous, k.metadataKey, { markViewed: false }); });
  await time('find', async () => { for (const k of keys) await room.secrets.peek(anonymous, k.secretKey); });
  await time('recent*N', async () => { await room.receipts.recent(ownerCaller.account!); });
  await time('reveal', async () => { for (const k of keys.slice(0, 1000)) await room.secrets.reveal(anonymous, k.secretKey, null); });
  await time('burn500', async () => { for (const k of keys.slice(1000)) await room.receipts.burn(anonymous, k.metadataKey, null); });
  }
  const c = await poolOf(db.dataSource).connect();
  log.push(JSON.stringify((await c.query('select name, generic_plans, custom_plans from pg_prepared_statements')).rows, null, 1));
  c.release();
  console.log(log.join('\n'));
  await db.close();
}, 100000);
