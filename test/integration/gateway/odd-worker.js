import { once } from 'node:events';
import { createServer } from 'node:net';

// Stands in for a worker: it serves nothing, and does at once what its behaviour says.
const report = (message, handle) =>
  new Promise((resolve) => process.send(message, handle, {}, resolve));

let start = null;
let othersServed = false;
process.on('disconnect', () => process.exit(0));
process.on('message', (order) => void obey(order));

async function obey(order) {
  if (order.kind === 'start') {
    start = order;
    await begin(order);
  }
  const hangs = behaviour() === 'hangs' && start.worker === 1 && !start.surroundings.inherits;
  if (hangs) return;
  if (order.kind === 'listen') await report({ kind: 'serving' });
  if (order.kind === 'others serve' && waitsForOthers()) await report({ kind: 'serving' });
  if (order.kind === 'others serve') othersServed = true;
  if (order.kind === 'nobody serves' && othersServed && waitsToBeAlone())
    await report({ kind: 'serving' });
  if (order.kind === 'hand over') await handOver();
  if (order.kind === 'question') await answer(order);
  if (order.kind === 'beat') await report({ kind: 'alive' });
  if (order.kind === 'stop') process.exit(0);
}

function behaviour() {
  return start.surroundings.databaseUrls.behaviour;
}

async function begin({ surroundings }) {
  if (surroundings.inherits) {
    await report({ kind: 'can listen' });
    // From now on it acknowledges nothing.
    if (behaviour() === 'stands still as heir') process.kill(process.pid, 'SIGSTOP');
    return;
  }
  if (behaviour() === 'refuses') {
    await report({ kind: 'refused', problems: [{ variable: 'GATEWAY_X', message: 'is wrong' }] });
    process.exit(2);
  }
  if (!waitsForOthers() && !waitsToBeAlone()) await report({ kind: 'serving' });
}

function waitsForOthers() {
  return behaviour() === 'waits for others' && start.worker === 2;
}

function waitsToBeAlone() {
  return behaviour() === 'waits to be alone' && start.worker === 2;
}

async function handOver() {
  for (let count = 0; count < 3; count++) {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    await report({ kind: 'socket', listener: 'https' }, server);
  }
  await report({ kind: 'handed over' });
}

function answer({ id, name }) {
  const isLate = behaviour() === 'starts a region late' && start.worker === 2;
  const cells = [{ region: 'eu', state: isLate ? 'starting' : 'serving' }];
  const said = { readiness: { isReady: true, cells }, permission: 'served', metrics: [] };
  return report({ kind: 'answer', id, answer: said[name] });
}
