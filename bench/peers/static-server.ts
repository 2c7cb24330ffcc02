import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { answerQuestions } from '../worker.js';

/** A server with one certificate and one answer for every request. */
export interface StaticServer {
  readonly certificate: string;
  readonly privateKey: string;
  /** Names and values alternately, without the headers that Node adds itself. */
  readonly headers: readonly string[];
  readonly body: string;
  readonly keepAliveSeconds: number;
}

// The cost of node:https itself: no framework, no log, no metrics, one name.
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
