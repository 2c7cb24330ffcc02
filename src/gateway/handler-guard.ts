import type { EventEmitter } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { isHttp2 } from '../shared/http-version.js';
import { sendAndClose } from './close-socket.js';
import { takeSeat } from './connection-gate.js';
import type { ListenerJournal, ListenerName } from './edge-journal.js';
import { rawGatewayAnswer, writeGatewayAnswer, type GatewayAnswer } from './gateway-answer.js';
import { onAcceptFailure } from './listen.js';
import { keepUnsentAnswers } from './unsent-answers.js';

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => unknown;

/** What Node calls on a listener. Each may throw, or return a promise that rejects. */
export interface ListenerHandlers {
  readonly request: RequestHandler;
  /** Default: Node answers 417. */
  readonly checkContinue?: RequestHandler;
  readonly checkExpectation?: RequestHandler;
  readonly clientError?: (error: Error, socket: Socket) => unknown;
}

/** Over HTTP/2 the second argument of 'connect' is a response. */
type Connected = Duplex | ServerResponse;

const FAILED: GatewayAnswer = {
  status: 500,
  body: { message: 'Something went wrong on our side. Please try again.' },
};
const METHOD_NOT_ALLOWED = 405;
/** How long a client has to read the answer to a CONNECT. */
const ANSWER_TIMEOUT = 5000;

/**
 * Calls `handler`, and `onFailure` when it throws or its promise rejects. Node calls listeners without a catch of its
 * own: an error that leaves one ends the process, and with it every region.
 */
export function guarded<A extends readonly unknown[]>(
  handler: (...args: A) => unknown,
  onFailure: (error: unknown, ...args: A) => void,
): (...args: A) => void {
  return (...args) => {
    try {
      const result = handler(...args);
      if (result instanceof Promise) result.catch((error: unknown) => onFailure(error, ...args));
    } catch (error) {
      onFailure(error, ...args);
    }
  };
}

/** Attaches the handlers of one listener. A failure is answered with 500, logged and counted, and harms no other request. */
export function attachHandlers(
  server: EventEmitter & Pick<Server, 'closeIdleConnections'>,
  handlers: ListenerHandlers,
  { name, journal }: { readonly name: ListenerName; readonly journal: ListenerJournal },
): void {
  onAcceptFailure(server, (error) => journal.acceptFailed(name, error));
  const onAnswer = keepUnsentAnswers(server);
  const guardRequest = (event: string, handler: RequestHandler): void => {
    const onFailure = (error: unknown, request: IncomingMessage, response: ServerResponse) => {
      journal.handlerFailed(name, event, error);
      answerFailure(request, response);
    };
    for (const each of [takeSeat, onAnswer, endAfterUpgrade, guarded(handler, onFailure)])
      server.on(event, each);
  };
  guardRequest('request', handlers.request);
  for (const event of ['checkContinue', 'checkExpectation'] as const) {
    const handler = handlers[event];
    if (handler !== undefined) guardRequest(event, handler);
  }
  const onConnectFailure = (error: unknown, _request: IncomingMessage, socket: Connected): void => {
    journal.handlerFailed(name, 'connect', error);
    socket.destroy();
  };
  server.on('connect', guarded(refuseConnect, onConnectFailure));
  if (handlers.clientError === undefined) return;
  const onErrorFailure = (error: unknown, _cause: Error, socket: Socket): void => {
    journal.handlerFailed(name, 'clientError', error);
    socket.destroy();
  };
  server.on('clientError', guarded(handlers.clientError, onErrorFailure));
}

/**
 * Node's parser stops behind a request that asks for an upgrade, which no listener grants, and loses what came with it: no
 * request may follow it on the connection.
 */
function endAfterUpgrade(request: IncomingMessage, response: ServerResponse): void {
  if (!isHttp2(request) && request.headers.upgrade !== undefined) response.shouldKeepAlive = false;
}

function answerFailure(request: IncomingMessage, response: ServerResponse): void {
  try {
    if (response.headersSent) response.destroy();
    else writeGatewayAnswer(request, response, FAILED);
  } catch {
    request.destroy();
  }
}

/** Without a listener Node closes the connection of a CONNECT without an answer. */
function refuseConnect(request: IncomingMessage, socket: Connected): void {
  if (!isHttp2(request)) {
    sendAndClose(
      socket as Duplex,
      rawGatewayAnswer(METHOD_NOT_ALLOWED, { allow: ALLOWED }),
      ANSWER_TIMEOUT,
    );
  } else {
    writeGatewayAnswer(request, socket as ServerResponse, {
      status: METHOD_NOT_ALLOWED,
      body: { message: 'Method Not Allowed' },
      headers: { allow: ALLOWED },
    });
  }
}

const ALLOWED = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS';
