import { join } from 'node:path';
import { LocalAuthority } from '../src/certificates/issuers/local-authority.js';
import { SystemClock } from '../src/shared/clock.js';
import { requireHostname } from '../src/shared/hostname.js';
import type { StaticServer } from './peers/static-server.js';
import { HOST, type Setting } from './setting.js';
import { Worker } from './worker.js';

export interface StaticPeer {
  readonly pid: number;
  readonly port: number;
  stop(): Promise<void>;
}

const KEEP_ALIVE_SECONDS = 65;

/** A bare node:https server for the same name, with one certificate of the gateway's own authority. */
export async function startStaticPeer(
  { gateway, placement }: Setting,
  answer: Pick<StaticServer, 'headers' | 'body'>,
): Promise<StaticPeer> {
  const authority = await LocalAuthority.open(join(gateway.dataDir, 'ca'), new SystemClock());
  const { chainPem, privateKeyPem } = await authority.issue(requireHostname(HOST));
  const worker = Worker.start<StaticServer, { port: number }>(
    './peers/static-server.js',
    placement.server,
  );
  const { port } = await worker.ask({
    ...answer,
    certificate: chainPem,
    privateKey: privateKeyPem,
    keepAliveSeconds: KEEP_ALIVE_SECONDS,
  });
  return { pid: worker.pid, port, stop: () => worker.stop() };
}
