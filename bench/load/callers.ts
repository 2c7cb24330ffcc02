import { answerQuestions } from '../worker.js';
import { KeepAliveClient } from './keep-alive-client.js';

/** Callers who ask for one path again and again, each on a connection, without a pause. */
export interface CallersLoad {
  readonly port: number;
  readonly host: string;
  readonly path: string;
  /** One caller for each value of the Authorization header; null: none. */
  readonly authorizations: readonly (string | null)[];
  /** The load ends after `seconds`, or when each caller has had `calls` answers. */
  readonly seconds: number;
  readonly calls: number;
  /** A form that is sent by POST; null: GET. */
  readonly form: string | null;
}

export interface Calls {
  /** Milliseconds of each call, in the order of their ends. */
  readonly durations: readonly number[];
  /** Bytes of the last answer's body. */
  readonly bytes: number;
}

answerQuestions<CallersLoad, Calls>(async ({ port, host, authorizations, ...load }) => {
  const clients = await Promise.all(
    authorizations.map((each) => KeepAliveClient.connect(port, host, each)),
  );
  const endAt = performance.now() + load.seconds * 1000;
  const durations: number[] = [];
  let bytes = 0;
  const work = async (client: KeepAliveClient): Promise<void> => {
    for (let call = 0; call < load.calls && performance.now() < endAt; call += 1) {
      const startedAt = performance.now();
      const answer = await (load.form === null
        ? client.get(load.path)
        : client.post(load.path, load.form));
      durations.push(performance.now() - startedAt);
      bytes = answer.length;
    }
  };
  await Promise.all(clients.map(work));
  for (const client of clients) client.close();
  return { durations, bytes };
});
