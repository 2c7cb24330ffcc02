import { customDomainSteps } from './custom-domain-steps.js';
import { DemoSession, UnexpectedResult, type Accounts, type Step } from './demo-session.js';
import { eventSteps } from './event-steps.js';
import { eventually } from './eventually.js';
import { ExternalServices } from './external-services.js';
import { BASE_DOMAIN, freeGatewayPorts, GatewayProcess, REGIONS } from './gateway-process.js';
import { Narrator } from './narrator.js';
import { secretSteps } from './secret-steps.js';
import { secretsOnDomainSteps } from './secrets-on-domain-steps.js';
import { v2Steps } from './v2-steps.js';

const accounts: Accounts = new Map();

/** All steps between start and stop, in order. A later step may depend on an earlier one. */
const STEPS: readonly Step[] = [
  ...secretSteps(accounts),
  ...v2Steps(accounts),
  ...eventSteps(accounts),
  ...customDomainSteps(accounts),
  ...secretsOnDomainSteps(accounts),
];

const STOP: Step = {
  title: 'The gateway stops on SIGTERM',
  async run(session) {
    const code = await session.gateway.stop();
    session.expect(code === 0, 'it exits with code 0');
  },
};

const narrator = new Narrator(process.stdout);

async function run(): Promise<void> {
  narrator.title('Onetime Gateway: one-time secrets in regions that share nothing');
  narrator.step(1, 'The gateway starts on a fresh data dir');
  const ports = await freeGatewayPorts();
  const services = await ExternalServices.start(ports);
  try {
    const { variables } = services;
    const gateway = await GatewayProcess.spawn({ ports, variables });
    await runWith(gateway, services);
  } finally {
    await services.stop();
  }
}

async function runWith(gateway: GatewayProcess, services: ExternalServices): Promise<void> {
  const removeListeners = onSignal(gateway, services);
  const startedAt = performance.now();
  try {
    await gateway.ready();
    const root = await services.root(gateway);
    const { dns, hasAcme } = services;
    const session = new DemoSession({ gateway, dns, root, hasAcme }, narrator);
    await waitForOwnHosts(session);
    noteStart(session, (performance.now() - startedAt) / 1000);
    for (const [index, step] of [...STEPS, STOP].entries()) {
      narrator.step(index + 2, step.title);
      await runStep(session, step);
    }
  } finally {
    removeListeners();
    await gateway.remove();
  }
}

/** With a CA, the regions' hosts get their certificates a moment after the start. */
async function waitForOwnHosts(session: DemoSession): Promise<void> {
  for (const region of REGIONS) {
    const host = session.hostOf(region);
    await eventually(`${host} has a certificate`, () =>
      session.ask({ method: 'GET', host, path: '/api/v1/status' }).catch(() => null),
    );
  }
}

function noteStart({ gateway, hasAcme }: DemoSession, seconds: number): void {
  narrator.note(`Ready after ${seconds.toFixed(1)} s, including the start of PostgreSQL.`);
  narrator.note(
    hasAcme
      ? 'Certificates come from Pebble, an ACME server.'
      : "Certificates come from the gateway's local authority. Install Debian's package pebble to use an ACME server.",
  );
  for (const region of REGIONS) {
    narrator.note(`https://${region}.${BASE_DOMAIN}:${gateway.ports.https}`);
  }
}

async function runStep(session: DemoSession, step: Step): Promise<void> {
  try {
    await step.run(session);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const logs = session.gateway.lastLogLines;
    throw new UnexpectedResult(
      `The demo failed at "${step.title}". ${reason}\n\nThe gateway's last log lines:\n${logs}`,
    );
  }
}

/** Stops everything on Ctrl-C and SIGTERM too. Returns a function that removes the listeners. */
function onSignal(gateway: GatewayProcess, services: ExternalServices): () => void {
  const leave = (): void => {
    const stopped = Promise.all([gateway.remove(), services.stop()]);
    void stopped.finally(() => process.exit(1));
  };
  process.once('SIGINT', leave).once('SIGTERM', leave);
  return () => process.off('SIGINT', leave).off('SIGTERM', leave);
}

try {
  await run();
  narrator.title('\nEvery step succeeded.');
} catch (error) {
  narrator.failure(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
