import type { SessionId } from '../accounts/sessions/session.js';
import type { CellConfig } from '../config/cell-config.js';
import type { DomainsService } from '../domains/domains.service.js';
import { requireHostname } from '../shared/hostname.js';
import type { ProgressWatch } from './progress-watch.js';
import { ProgressStreams, type Watcher } from './progress-streams.js';
import type { Pass, WatcherPasses } from './watcher-passes.js';

const client = { near: '203.0.113.0/24', wide: '203.0.112.0/20' } as unknown as Watcher['client'];
const watched = { hostname: requireHostname('secrets.example.com'), load: async () => null };

function passOf(id: string): Pass {
  return { kind: 'session', id: id as SessionId };
}

/** @param look what the database says of the passes that are asked for together */
function streamsWith(look: (passes: readonly Pass[]) => Promise<ReadonlySet<Pass>>) {
  const passes = { isValid: () => new Promise<boolean>(() => undefined), validAmong: look };
  return new ProgressStreams(
    { limits: null } as unknown as CellConfig,
    { watch: () => () => undefined } as unknown as ProgressWatch,
    {} as DomainsService,
    passes as unknown as WatcherPasses,
  );
}

it('a stream that is opened while the others are looked at stays open', async () => {
  let answer = (): void => undefined;
  const streams = streamsWith(
    () => new Promise((resolve) => (answer = () => resolve(new Set<Pass>()))),
  );
  const before = streams.open({ subject: 'owner', client, pass: passOf('ended') }, watched);
  const looked = streams.closeEnded();
  const during = streams.open({ subject: 'owner', client, pass: passOf('new') }, watched);
  answer();
  await looked;
  expect(String(before.read())).toContain('event: end');
  expect(String(during.read())).not.toContain('event: end');
  before.destroy();
  during.destroy();
});

it('a stream whose end is not read yet is written to no more', async () => {
  const streams = streamsWith(async () => new Set<Pass>());
  const body = streams.open({ subject: 'owner', client, pass: passOf('ended') }, watched);
  const failed = new Promise((resolve) => body.once('error', resolve));
  await streams.closeEnded();
  await streams.closeEnded();
  streams.drain();
  let text = '';
  const read = (async () => {
    for await (const chunk of body) text += String(chunk);
  })();
  await expect(Promise.race([read, failed])).resolves.toBeUndefined();
  expect(text.split('event: end')).toHaveLength(2);
});
