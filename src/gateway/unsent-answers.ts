import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Members } from '../shared/members.js';

/**
 * Node takes a connection for idle as soon as its answer has ended, and its close() and closeIdleConnections() would cut what
 * is not sent yet. From now on the server closes no idle connection while it has such an answer: who waits for one to close
 * asks again.
 * @returns a handler that sees each request before the one that answers it
 */
export function keepUnsentAnswers(
  server: Pick<Server, 'closeIdleConnections'>,
): (request: IncomingMessage, response: ServerResponse) => void {
  const answers = new Members<ServerResponse>();
  const closeIdleConnections = server.closeIdleConnections.bind(server);
  server.closeIdleConnections = () => {
    for (const { writableEnded } of answers) if (writableEnded) return;
    closeIdleConnections();
  };
  return (_request, response) => {
    response.once('close', answers.add(response));
  };
}
