import { createServer, type Server } from 'node:http';
import { SECOND } from '../shared/durations.js';
import { networkOf } from '../shared/network.js';
import { seatOf, setGate, type ConnectionGate } from './connection-gate.js';
import type { EdgeJournal } from './edge-journal.js';
import { attachHandlers } from './handler-guard.js';
import type { RequestDispatcher } from './request-dispatcher.js';

/** In milliseconds. A request here has no body that anybody reads, unless a trusted proxy sent it. */
const PLAIN_LIMITS = {
  headersTimeout: 10 * SECOND,
  requestTimeout: 30 * SECOND,
  /** How often Node looks at the two above. Its default of 30 s would make 10 s up to 40. */
  connectionsCheckingInterval: SECOND,
  keepAliveTimeout: 5 * SECOND,
} as const;

/** The plain HTTP listener. It serves redirects, refusals and well-known paths, and requests of trusted proxies. */
export function createPlainListener(
  dispatcher: RequestDispatcher,
  { journal, gate }: { readonly journal: EdgeJournal; readonly gate: ConnectionGate },
): Server {
  const server = createServer({ requireHostHeader: false, ...PLAIN_LIMITS });
  setGate(server, gate, (reason, socket) =>
    journal.connectionRefused('http', reason, networkOf(socket.remoteAddress ?? '')),
  );
  server.on('request', ({ socket }) => seatOf(socket)?.markUsed());
  const handlers = {
    request: dispatcher.handlePlain,
    checkContinue: dispatcher.handlePlainExpecting,
    checkExpectation: dispatcher.handlePlainExpecting,
    clientError: dispatcher.handleClientError,
  };
  attachHandlers(server, handlers, { name: 'http', journal });
  return server;
}
