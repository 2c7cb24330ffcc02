import { firstLight } from './first-light.js';
import { BASE_DOMAIN, GatewayProcess, REGIONS } from './gateway-process.js';
import { Narrator } from './narrator.js';
import { Stage, Unexpected, type Step } from './stage.js';

/** The whole story, scene by scene. What is built next goes on at the end. */
const STORY: readonly Step[] = [...firstLight()];

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
  const startedAt = performance.now();
  const gateway = await GatewayProcess.spawn();
  const removeListeners = onSignal(gateway);
  try {
    await gateway.ready();
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    narrator.note(`Ready after ${seconds} s, real PostgreSQL and real TLS included.`);
    for (const region of REGIONS) {
      narrator.note(`https://${region}.${BASE_DOMAIN}:${gateway.ports.https}`);
    }
    const stage = new Stage(gateway, narrator);
    for (const [index, step] of [...STORY, STOP].entries()) {
      narrator.step(index + 2, step.title);
      await playStep(stage, step);
    }
  } finally {
    removeListeners();
    await gateway.remove();
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
function onSignal(gateway: GatewayProcess): () => void {
  const leave = (): void => {
    void gateway.remove().finally(() => process.exit(1));
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
