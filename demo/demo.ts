import { firstLight } from './first-light.js';
import { BASE_DOMAIN, freeGatewayPorts, GatewayProcess, REGIONS } from './gateway-process.js';
import { Narrator } from './narrator.js';
import { onTheDomain } from './on-the-domain.js';
import { ownDomain } from './own-domain.js';
import { eventually } from './patience.js';
import { Stage, Unexpected, type Accounts, type Step } from './stage.js';
import { Surroundings } from './surroundings.js';

const accounts: Accounts = new Map();

/** The whole story, scene by scene. What is built next goes on at the end. */
const STORY: readonly Step[] = [
  ...firstLight(accounts),
  ...ownDomain(accounts),
  ...onTheDomain(accounts),
];

const STOP: Step = {
  title: 'The gateway stops when it is told to',
  async play(stage) {
    const code = await stage.gateway.stop();
    stage.expect(code === 0, 'SIGTERM ends it, and its exit code is 0');
  },
};

const narrator = new Narrator(process.stdout);

async function play(): Promise<void> {
  narrator.title('Onetime Gateway: secrets that are read once, in regions that share nothing');
  narrator.step(1, 'The gateway starts on a fresh data dir');
  const ports = await freeGatewayPorts();
  const surroundings = await Surroundings.start(ports);
  try {
    const { variables } = surroundings;
    const gateway = await GatewayProcess.spawn({ ports, variables });
    await playWith(gateway, surroundings);
  } finally {
    await surroundings.stop();
  }
}

async function playWith(gateway: GatewayProcess, surroundings: Surroundings): Promise<void> {
  const removeListeners = onSignal(gateway, surroundings);
  const startedAt = performance.now();
  try {
    await gateway.ready();
    const root = await surroundings.root(gateway);
    const { dns, hasAcme } = surroundings;
    const stage = new Stage({ gateway, dns, root, hasAcme }, narrator);
    await ownHostsAnswer(stage);
    tellOfStart(stage, (performance.now() - startedAt) / 1000);
    for (const [index, step] of [...STORY, STOP].entries()) {
      narrator.step(index + 2, step.title);
      await playStep(stage, step);
    }
  } finally {
    removeListeners();
    await gateway.remove();
  }
}

/** They get their certificates from the CA as well, a moment after the start. */
async function ownHostsAnswer(stage: Stage): Promise<void> {
  for (const region of REGIONS) {
    const host = stage.hostOf(region);
    await eventually(`${host} has a certificate`, () =>
      stage.ask({ method: 'GET', host, path: '/api/v1/status' }).catch(() => null),
    );
  }
}

function tellOfStart({ gateway, hasAcme }: Stage, seconds: number): void {
  narrator.note(`Ready after ${seconds.toFixed(1)} s, real PostgreSQL and real TLS included.`);
  narrator.note(
    hasAcme
      ? 'Certificates come from Pebble, an ACME server.'
      : "Certificates come from the gateway's local authority. With Debian's package pebble installed, from an ACME server.",
  );
  for (const region of REGIONS) {
    narrator.note(`https://${region}.${BASE_DOMAIN}:${gateway.ports.https}`);
  }
}

async function playStep(stage: Stage, step: Step): Promise<void> {
  try {
    await step.play(stage);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const logs = stage.gateway.lastLogLines;
    throw new Unexpected(
      `The demo stopped at "${step.title}". ${reason}\n\nThe gateway's last lines:\n${logs}`,
    );
  }
}

/** Ctrl-C leaves nothing behind either. Returns how to take the listeners off again. */
function onSignal(gateway: GatewayProcess, surroundings: Surroundings): () => void {
  const leave = (): void => {
    const everythingGone = Promise.all([gateway.remove(), surroundings.stop()]);
    void everythingGone.finally(() => process.exit(1));
  };
  process.once('SIGINT', leave).once('SIGTERM', leave);
  return () => process.off('SIGINT', leave).off('SIGTERM', leave);
}

try {
  await play();
  narrator.title('\nEvery step went as promised.');
} catch (error) {
  narrator.failure(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
