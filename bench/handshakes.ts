import type { HandshakesLoad } from './load/handshakes.js';
import { ratioAnswer, type Answer } from './report.js';
import { compare, type Work } from './rounds.js';
import { HOST, type Setting } from './setting.js';
import { startStaticPeer } from './static-peer.js';
import { Worker } from './worker.js';

const CONNECTIONS = 8;

/** What does a stranger's first contact cost, with a certificate chosen by name, beside one with a single certificate? */
export async function askHandshakes(setting: Setting): Promise<Answer> {
  const { gateway, placement } = setting;
  const peer = await startStaticPeer(setting, { headers: [], body: '' });
  const generator = Worker.start<HandshakesLoad, Work>('./load/handshakes.js', placement.load);
  const contestant = (pid: number, port: number) => ({
    pid,
    load: (seconds: number) =>
      generator.ask({ port, host: HOST, connections: CONNECTIONS, seconds }),
  });
  try {
    const comparison = await compare(
      contestant(gateway.pid, gateway.ports.https),
      contestant(peer.pid, peer.port),
      setting,
    );
    return ratioAnswer(
      {
        question: 'full TLS 1.3 handshakes, warm, against bare node:https with one certificate',
        unit: 'handshakes',
        peerName: 'bare node:https',
        target: 0.8,
      },
      comparison,
    );
  } finally {
    await generator.stop();
    await peer.stop();
  }
}
