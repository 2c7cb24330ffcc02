import { createServer, type Server } from 'node:http';
import { SECOND } from '../shared/durations.js';
import type { EdgeJournal } from './edge-journal.js';
import { attachHandlers } from './handler-guard.js';
import type { RequestDispatcher } from './request-dispatcher.js';

/** The plain HTTP listener. It serves redirects, refusals and well-known paths, and requests of trusted proxies. */
export function createPlainListener(dispatcher: RequestDispatcher, journal: EdgeJournal): Server {
  const server = createServer({
    requireHostHeader: false,
    headersTimeout: 10 * SECOND,
    requestTimeout: 30 * SECOND,
    keepAliveTimeout: 5 * SECOND,
  });
  const handlers = {
    request: dispatcher.handlePlain,
    checkContinue: dispatcher.handlePlainExpecting,
    checkExpectation: dispatcher.handlePlainExpecting,
    clientError: dispatcher.handleClientError,
  };
  attachHandlers(server, handlers, { name: 'http', journal });
  return server;
}
