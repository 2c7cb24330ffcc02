import { setTimeout as delay } from 'node:timers/promises';
import { answerQuestions } from '../worker.js';
import { FLOODS, type FloodName, type FloodTarget } from './flood-kinds.js';

/** One flood from one address: so many connections or streams a second, held as long as the server lets them. */
export interface FloodLoad extends FloodTarget {
  readonly name: FloodName;
  readonly seconds: number;
}

export interface Flooded {
  readonly opened: number;
  /** The most that were open at once. */
  readonly held: number;
}

const STEP = 10;

answerQuestions<FloodLoad, Flooded>(async ({ name, seconds, ...target }) => {
  const { perSecond, heldMax, prepare } = FLOODS[name];
  const openOne = await prepare(target);
  const open = new Set<ReturnType<typeof openOne>>();
  const startedAt = performance.now();
  let [due, opened, held] = [0, 0, 0];
  for (let age = 0; age < seconds * 1000; age = performance.now() - startedAt) {
    for (; due < (age / 1000) * perSecond; due += 1) {
      if (open.size >= heldMax) continue;
      const one = openOne();
      open.add(one.on('close', () => open.delete(one)).on('error', () => one.destroy()));
      opened += 1;
    }
    held = Math.max(held, open.size);
    await delay(STEP);
  }
  for (const one of open) one.destroy();
  return { opened, held };
});
