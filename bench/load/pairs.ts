import type { Work } from '../comparison.js';
import { answerQuestions } from '../worker.js';
import { KeepAliveClient } from './keep-alive-client.js';

/** Pairs of a share and its reveal, one pair at a time on each connection. */
export interface PairsLoad {
  readonly port: number;
  readonly host: string;
  readonly connections: number;
  /** The load ends after `seconds` or `pairs`, whichever comes first. */
  readonly seconds: number;
  readonly pairs: number;
}

/** As long as a typical password or connection string. */
export const VALUE = 'a secret of some fifty bytes, as people share them';

answerQuestions<PairsLoad, Work>(async ({ port, host, connections, seconds, pairs }) => {
  const clients = await Promise.all(
    Array.from({ length: connections }, () => KeepAliveClient.connect(port, host)),
  );
  const startedAt = performance.now();
  const endAt = startedAt + seconds * 1000;
  let operations = 0;
  let begun = 0;
  const work = async (client: KeepAliveClient): Promise<void> => {
    while (begun < pairs && performance.now() < endAt) {
      begun += 1;
      await shareAndReveal(client);
      operations += 1;
    }
  };
  await Promise.all(clients.map(work));
  const duration = (performance.now() - startedAt) / 1000;
  for (const client of clients) client.close();
  return { operations, seconds: duration };
});

const SHARE_BODY = `secret=${encodeURIComponent(VALUE)}&ttl=3600`;

async function shareAndReveal(client: KeepAliveClient): Promise<void> {
  const shared = await client.post('/api/v1/share', SHARE_BODY);
  const key = /"secret_key":"([0-9a-z]{31})"/.exec(shared)?.[1];
  if (key === undefined) throw new Error(`no key in the answer: ${shared}`);
  const revealed = await client.post(`/api/v1/secret/${key}`, '');
  if (!revealed.includes(VALUE)) throw new Error(`not the value: ${revealed}`);
}
