import { answerQuestions } from '../worker.js';
import { answerByTls, type TlsServerOptions } from './tls-answers.js';

/** A server with one certificate and one answer for every request. */
export interface StaticServer extends TlsServerOptions {
  /** Names and values alternately, without the headers that Node adds itself. */
  readonly headers: readonly string[];
  readonly body: string;
}

// The cost of node:https itself: no framework, no log, no metrics, one name.
answerQuestions<StaticServer, { readonly port: number }>(({ headers, body, ...options }) =>
  answerByTls(options, (_, response) => {
    response.writeHead(200, [...headers]).end(body);
  }),
);
