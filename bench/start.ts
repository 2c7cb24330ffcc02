import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freeGatewayPorts, GatewayProcess, V8_THREADS } from '../demo/gateway-process.js';
import { HOST } from './benchmark-context.js';
import { spreadOf } from './comparison.js';
import { cpuSecondsOf, rssMegabytesOf } from './machine.js';
import type { Result } from './report.js';

const STARTS = 7;
const ANSWER_SECONDS_MAX = 1;
const REFUSAL_SECONDS_MAX = 0.3;
const POLL = 5;
const REST_SECONDS = 5;
const MAIN = fileURLToPath(new URL('../src/main.js', import.meta.url));

interface Start {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly megabytes: number;
}

/**
 * Measures how long a start takes until a host of the gateway answers, the embedded database included, and until a wrong
 * configuration is refused. The first start makes the data dir and does not count.
 */
export async function measureStart(): Promise<Result[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'onetime-start-'));
  try {
    const first = await startOnce(dataDir);
    const starts: Start[] = [];
    const refusals: number[] = [];
    for (let count = 0; count < STARTS; count++) {
      starts.push(await startOnce(dataDir));
      refusals.push(await secondsToRefusal());
    }
    return [answerResult(first, starts), refusalResult(refusals)];
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function answerResult(first: Start, starts: readonly Start[]): Result {
  const seconds = spreadOf(starts.map((each) => each.seconds));
  const cpu = spreadOf(starts.map(({ cpuSeconds }) => cpuSeconds));
  const megabytes = spreadOf(starts.map((each) => each.megabytes));
  return {
    question: 'start to the first answer of a known name, two cells, embedded database',
    reached: `${seconds.median.toFixed(2)} s (${seconds.min.toFixed(2)} to ${seconds.max.toFixed(2)})`,
    target: `at most ${ANSWER_SECONDS_MAX.toFixed(2)} s`,
    isMet: seconds.median <= ANSWER_SECONDS_MAX,
    details: [
      `${cpu.median.toFixed(2)} s CPU (${cpu.min.toFixed(2)} to ${cpu.max.toFixed(2)}); the very first start, which makes the database: ${first.seconds.toFixed(2)} s`,
      `${megabytes.median.toFixed(0)} MB RSS ${REST_SECONDS} seconds later`,
    ],
  };
}

function refusalResult(refusals: readonly number[]): Result {
  const { median, min, max } = spreadOf(refusals);
  return {
    question: 'a wrong configuration is refused',
    reached: `${median.toFixed(2)} s (${min.toFixed(2)} to ${max.toFixed(2)})`,
    target: `at most ${REFUSAL_SECONDS_MAX.toFixed(2)} s`,
    isMet: median <= REFUSAL_SECONDS_MAX,
    details: [`medians of ${STARTS} starts`],
  };
}

async function startOnce(dataDir: string): Promise<Start> {
  const ports = await freeGatewayPorts();
  const variables = { GATEWAY_LIMITS: 'off', GATEWAY_DATA_DIR: dataDir };
  const startedAt = performance.now();
  const gateway = await GatewayProcess.spawn({ ports, variables });
  // A handshake for each question would cost more than what is measured.
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    while ((await statusOf(ports.https, agent)) !== 200) await delay(POLL);
    const seconds = (performance.now() - startedAt) / 1000;
    const cpuSeconds = cpuSecondsOf(gateway.pid);
    await delay(REST_SECONDS * 1000);
    return { seconds, cpuSeconds, megabytes: rssMegabytesOf(gateway.pid) };
  } finally {
    agent.destroy();
    await gateway.remove();
  }
}

/** Null while nothing listens. */
function statusOf(port: number, agent: Agent): Promise<number | null> {
  return new Promise((resolve) => {
    const asked = request(
      {
        host: '127.0.0.1',
        port,
        servername: HOST,
        headers: { host: HOST },
        path: '/api/v1/status',
        agent,
        // The root is made by the start that is measured.
        rejectUnauthorized: false,
      },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? null);
      },
    );
    asked.on('error', () => resolve(null));
    asked.end();
  });
}

async function secondsToRefusal(): Promise<number> {
  const startedAt = performance.now();
  const env = { ...process.env, GATEWAY_HTTPS_PORT: 'none' };
  const child = spawn(process.execPath, [V8_THREADS, MAIN], { env, stdio: 'ignore' });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 2) throw new Error(`expected exit code 2, not ${code}`);
  return (performance.now() - startedAt) / 1000;
}
