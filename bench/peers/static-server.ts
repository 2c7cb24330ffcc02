import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { answerQuestions } from '../worker.js';

/** One certificate, and one answer to everything. */
export interface StaticServer {
  readonly certificate: string;
  readonly privateKey: string;
  /** Names and values in turn, without those that Node writes by itself. */
  readonly headers: readonly string[];
  readonly body: string;
  readonly keepAliveSeconds: number;
}

// What a bare node:https server costs: no framework, no log, no metrics, no second name.
answerQuestions<StaticServer, { readonly port: number }>(async (options) => {
  const { certificate, privateKey, headers, body, keepAliveSeconds } = options;
  const server: Server = createServer(
    {
      cert: certificate,
      key: privateKey,
      minVersion: 'TLSv1.2',
      keepAliveTimeout: keepAliveSeconds * 1000,
    },
    (_request, response) => {
      response.writeHead(200, [...headers]).end(body);
    },
  );
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve());
  });
  return { port: (server.address() as AddressInfo).port };
});
