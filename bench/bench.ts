import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { GatewayProcess } from '../demo/gateway-process.js';
import { askDomains } from './domains.js';
import { askHandshakes } from './handshakes.js';
import { findPlacement, moveAside, moveChildren } from './machine.js';
import { askMemory } from './memory.js';
import { printAnswer, printTable, type Answer } from './report.js';
import { askSecrets } from './secrets.js';
import type { Setting } from './setting.js';
import { askStatus } from './status.js';

/** Other work than ours: above this, caches and cores are not ours to measure. */
const BUSY_LOAD = 0.5;

type Ask = (setting: Setting) => Promise<Answer | Answer[]>;

const QUESTIONS: Readonly<Record<string, Ask>> = {
  status: askStatus,
  secrets: askSecrets,
  handshakes: askHandshakes,
  memory: askMemory,
};

/** They start their gateways themselves. */
const ASKED_ALONE: Readonly<
  Record<string, (setting: Pick<Setting, 'placement'>) => Promise<Answer[]>>
> = {
  domains: askDomains,
};

// `npm run bench -- status handshakes --rounds 9`
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '11' },
    seconds: { type: 'string', default: '2' },
    pairs: { type: 'string', default: '100000' },
  },
});
const names =
  positionals.length === 0 ? Object.keys({ ...QUESTIONS, ...ASKED_ALONE }) : positionals;
const placement = findPlacement();
moveAside(placement);

/** Each question has a gateway of its own, so that none is asked of what another left behind. */
async function answer(name: string): Promise<Answer[]> {
  const alone = ASKED_ALONE[name];
  if (alone !== undefined) return alone({ placement });
  const ask = QUESTIONS[name];
  if (ask === undefined) throw new Error(`no such question: ${name}`);
  const gateway = await GatewayProcess.spawn({ launcher: placement.server });
  try {
    await gateway.ready();
    moveChildren(gateway.pid, placement);
    const { rounds, seconds, pairs } = values;
    const numbers = { rounds: Number(rounds), seconds: Number(seconds), pairs: Number(pairs) };
    return [await ask({ gateway, placement, ...numbers })].flat();
  } finally {
    await gateway.remove();
  }
}

console.log(`Node ${process.version}, ${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown'}`);
console.log(
  placement.server.length === 0
    ? 'server and load share all cores: no taskset, or one core only'
    : 'server on one core, load and database on another',
);
const [load = 0] = loadavg();
if (load > BUSY_LOAD) {
  console.log(`the machine is busy (load average ${load.toFixed(1)}): do not trust these figures`);
}
const answers: Answer[] = [];
for (const name of names) {
  console.log(`\n${name}`);
  for (const one of await answer(name)) {
    printAnswer(one);
    answers.push(one);
  }
}
printTable(answers);
const missed = answers.filter(({ isMet }) => !isMet).length;
console.log(missed === 0 ? '\nEvery target is met.' : `\n${missed} target(s) missed.`);
