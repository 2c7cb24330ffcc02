import { Pool } from 'pg';
import type { LoggedStatement } from '../logged-statements.js';
import { answerQuestions } from '../worker.js';
import type { StaticServer } from './static-server.js';
import { answerByTls } from './tls-answers.js';

/** A server that runs the same statements for every request and then gives one answer. */
export interface StatementsServer extends StaticServer {
  readonly databaseUrl: string;
  readonly connections: number;
  readonly statements: readonly LoggedStatement[];
}

// The least that a Node program with these statements costs: no framework, no log, no metrics, no cryptography.
answerQuestions<StatementsServer, { readonly port: number }>((options) => {
  const { headers, body, statements } = options;
  const pool = new Pool({ connectionString: options.databaseUrl, max: options.connections });
  return answerByTls(options, async (request, response) => {
    request.resume();
    for (const { name, text, values } of statements) await pool.query({ name, text, values });
    response.writeHead(200, [...headers]).end(body);
  });
});
