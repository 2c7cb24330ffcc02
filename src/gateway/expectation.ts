import type { IncomingMessage, ServerResponse } from 'node:http';
import { askForBody } from '../region/request-body.js';
import { isHttp2 } from '../shared/http-version.js';

/** May return a promise: a rejection is the listener's to handle. */
type Handler = (request: IncomingMessage, response: ServerResponse) => unknown;

interface Handlers {
  /** Any request, when its expectation can be met. */
  readonly handle: Handler;
  /** A request with an expectation that cannot be met: 417. */
  readonly refuse: Handler;
  readonly isDraining: () => boolean;
}

/**
 * For 'checkContinue' and 'checkExpectation' (RFC 9110 section 10.1.1). The client is asked for its body only when the body
 * is read: a request that is answered without it, because it is too large or for another host, gets its status at once.
 */
export function expectationHandler({ handle, refuse, isDraining }: Handlers): Handler {
  return (request, response) => {
    // Node compares in its own ways, and differently over HTTP/1.1 and HTTP/2.
    if (!expectsContinueOnly(request.headers.expect)) return refuse(request, response);
    if (!isHttp2(request)) closeUnlessAsked(request, response, isDraining);
    else askForBody(request, () => response.writeContinue());
    return handle(request, response);
  };
}

/** `#expectation`, in any letter case, where each is `100-continue`. */
export function expectsContinueOnly(expect: string | undefined): boolean {
  const expectations = (expect ?? '')
    .split(',')
    .map((expectation) => expectation.trim().toLowerCase())
    .filter((expectation) => expectation !== '');
  return expectations.every((expectation) => expectation === '100-continue');
}

/** An answer before the question leaves open whether the body follows: the connection cannot be used again. */
function closeUnlessAsked(
  request: IncomingMessage,
  response: ServerResponse,
  isDraining: () => boolean,
): void {
  const { shouldKeepAlive } = response;
  response.shouldKeepAlive = false;
  askForBody(request, () => {
    response.shouldKeepAlive = shouldKeepAlive && !isDraining();
    response.writeContinue();
  });
}
