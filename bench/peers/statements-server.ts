import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Pool } from 'pg';
import type { LoggedStatement } from '../logged-statements.js';
import { answerQuestions } from '../worker.js';
import type { StaticServer } from './static-server.js';

/** A server that runs the same statements for every request and then gives one answer. */
export interface StatementsServer extends StaticServer {
  readonly databaseUrl: string;
  readonly connections: number;
  readonly statements: readonly LoggedStatement[];
}

// The least that a Node program with these statements costs: no framework, no log, no metrics, no cryptography.
answerQuestions<StatementsServer, { readonly port: number }>(async (options) => {
  const { certificate, privateKey, headers, body, keepAliveSeconds, statements } = options;
  const pool = new Pool({ connectionString: options.databaseUrl, max: options.connections });
  const server = createServer(
    {
      cert: certificate,
      key: privateKey,
      minVersion: 'TLSv1.2',
      keepAliveTimeout: keepAliveSeconds * 1000,
    },
    (request, response) => {
      const answer = async (): Promise<void> => {
        for (const { name, text, values } of statements) await pool.query({ name, text, values });
        response.writeHead(200, [...headers]).end(body);
      };
      request.resume();
      answer().catch((error: unknown) => {
        console.error(error);
        response.destroy();
      });
    },
  );
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve());
  });
  return { port: (server.address() as AddressInfo).port };
});
