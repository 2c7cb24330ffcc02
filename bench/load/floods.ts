import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { answerQuestions } from '../worker.js';
import { FLOOD_OF, type Flooded, type FloodLoad } from './all-floods.js';
import type { Flood, FloodTarget } from './flood-kinds.js';

const STEP = 10;

answerQuestions<FloodLoad, Flooded[]>(async (load) => {
  let connections = 0;
  const address = (): string => addressIn((connections += 1) % load.networks);
  return Promise.all(load.names.map((name) => flood(FLOOD_OF[name], { ...load, address })));
});

/** Of the loopback, each in a /24 of its own; the first is what connections have by themselves. */
function addressIn(network: number): string {
  return `127.${network >> 8}.${network & 255}.1`;
}

async function flood(
  { perSecond, heldMax, prepare }: Flood,
  { share, seconds, ...target }: FloodTarget & Pick<FloodLoad, 'share' | 'seconds'>,
): Promise<Flooded> {
  const openOne = await prepare(target);
  const open = new Set<Duplex>();
  const startedAt = performance.now();
  let [due, opened, held] = [0, 0, 0];
  for (let age = 0; age < seconds * 1000; age = performance.now() - startedAt) {
    for (; due < (age / 1000) * perSecond * share; due += 1) {
      if (open.size >= heldMax * share) continue;
      const one = openOne();
      open.add(one.on('close', () => open.delete(one)).on('error', () => one.destroy()));
      opened += 1;
    }
    held = Math.max(held, open.size);
    await delay(STEP);
  }
  for (const one of open) one.destroy();
  return { opened, held };
}
