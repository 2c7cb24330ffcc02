import { createRequire } from 'node:module';
import type { Work } from '../comparison.js';
import { answerQuestions } from '../worker.js';

/** Keep-alive requests without a body, by autocannon. */
export interface RequestsLoad {
  readonly port: number;
  readonly host: string;
  readonly path: string;
  /** Default: GET. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly connections: number;
  readonly seconds: number;
}

// autocannon has no type declarations.
type Autocannon = (options: object) => Promise<{
  readonly requests: { readonly total: number };
  readonly duration: number;
  readonly errors: number;
  readonly non2xx: number;
}>;
const autocannon = createRequire(import.meta.url)('autocannon') as Autocannon;

answerQuestions<RequestsLoad, Work>(async ({ port, host, path, ...asked }) => {
  const result = await autocannon({
    url: `https://127.0.0.1:${port}${path}`,
    servername: host,
    method: asked.method ?? 'GET',
    headers: { host: `${host}:${port}`, ...asked.headers },
    connections: asked.connections,
    duration: asked.seconds,
  });
  if (result.errors + result.non2xx > 0) {
    throw new Error(`${result.errors} errors and ${result.non2xx} refusals among the answers`);
  }
  return { operations: result.requests.total, seconds: result.duration };
});
