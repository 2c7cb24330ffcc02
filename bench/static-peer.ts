import { join } from 'node:path';
import { LocalAuthority } from '../src/certificates/issuers/local-authority.js';
import { SystemClock } from '../src/shared/clock.js';
import { requireHostname } from '../src/shared/hostname.js';
import { HOST, type BenchmarkContext } from './benchmark-context.js';
import { compare, type Comparison, type Work } from './comparison.js';
import type { StaticServer } from './peers/static-server.js';
import { send } from './send.js';
import { Worker } from './worker.js';

export const KEEP_ALIVE_SECONDS = 65;

type StaticAnswer = Pick<StaticServer, 'headers' | 'body'>;

/** Compares the gateway with a bare node:https server that gives `answer`. `load` puts load on the server on a port. */
export async function compareWithStaticPeer(
  context: BenchmarkContext,
  answer: StaticAnswer,
  load: (port: number, seconds: number) => Promise<Work>,
): Promise<Comparison> {
  const { pid, ports } = context.gateway;
  const peer = await startStaticPeer(context, answer);
  try {
    return await compare(
      { pid, load: (seconds) => load(ports.https, seconds) },
      { pid: peer.pid, load: (seconds) => load(peer.port, seconds) },
      context,
    );
  } finally {
    await peer.stop();
  }
}

/** A certificate for the gateway's host name, issued by the gateway's local authority. */
export async function certificateOf({
  dataDir,
}: BenchmarkContext['gateway']): Promise<Pick<StaticServer, 'certificate' | 'privateKey'>> {
  const authority = await LocalAuthority.open(join(dataDir, 'ca'), new SystemClock());
  const { chainPem, privateKeyPem } = await authority.issue(requireHostname(HOST));
  return { certificate: chainPem, privateKey: privateKeyPem };
}

export async function startStaticPeer(
  { gateway, placement }: BenchmarkContext,
  answer: StaticAnswer,
): Promise<{ pid: number; port: number; stop: () => Promise<void> }> {
  const worker = Worker.start<StaticServer, { port: number }>(
    './peers/static-server.js',
    placement.server,
  );
  const { port } = await worker.ask({
    ...answer,
    ...(await certificateOf(gateway)),
    keepAliveSeconds: KEEP_ALIVE_SECONDS,
  });
  return { pid: worker.pid, port, stop: () => worker.stop() };
}

/** The gateway's answer, which the peer repeats with every header, including a request id of the same length. */
export function answerAt({ gateway }: BenchmarkContext, path: string): Promise<StaticAnswer> {
  return send(gateway, { method: 'GET', path, headers: {} });
}
