import type { IncomingMessage } from 'node:http';
import { parseProbePath } from '../domains/probe/probe-protocol.js';
import type { Cell } from '../region/cell.js';
import type { Hostname } from '../shared/hostname.js';
import type { Network } from '../shared/network.js';
import type { EdgeAnswer } from './edge-answer.js';
import type { MissBudget } from './miss-budget.js';

const CHALLENGE_PREFIX = '/.well-known/acme-challenge/';
const PROBE_PREFIX = '/.well-known/onetime-gateway/';
/** RFC 8555 section 8.3: base64url; no CA's is longer. */
const TOKEN = /^[A-Za-z0-9_-]{8,128}$/;

const NOT_FOUND: EdgeAnswer = { status: 404, body: 'not found\n' };
const UNAVAILABLE: EdgeAnswer = {
  status: 503,
  body: 'not available right now\n',
  headers: { 'retry-after': '2' },
};

/** Who asks for what at which host; null: the request names none. */
export interface WellKnownQuestion {
  readonly request: IncomingMessage;
  readonly hostname: Hostname | null;
  readonly network: Network;
}

/**
 * What CAs and our own routing probes look for, on any host, on plain HTTP and HTTPS alike: it is asked for before a
 * name serves, and says nothing about anybody.
 */
export class WellKnown {
  constructor(
    private readonly cells: () => readonly Cell[],
    private readonly budget: MissBudget,
  ) {}

  /** Null: the request asks for something else. */
  answer(question: WellKnownQuestion): EdgeAnswer | Promise<EdgeAnswer> | null {
    const [path = '/'] = (question.request.url ?? '/').split('?', 1);
    if (path.startsWith(PROBE_PREFIX)) return this.#answerProbe(question, path);
    if (!path.startsWith(CHALLENGE_PREFIX)) return null;
    const token = path.slice(CHALLENGE_PREFIX.length);
    if (!isRead(question.request) || !TOKEN.test(token)) return NOT_FOUND;
    return this.#answerChallenge(token, question.network);
  }

  /** A region that is not served here is told which one is: the name leads to the wrong gateway. */
  #answerProbe({ request, hostname }: WellKnownQuestion, path: string): EdgeAnswer {
    const asked = parseProbePath(path);
    if (asked === null || hostname === null || !isRead(request)) return NOT_FOUND;
    const cells = this.cells();
    const cell = cells.find(({ region }) => region === asked.region) ?? cells[0];
    if (cell === undefined) return UNAVAILABLE;
    return { status: 200, body: cell.names.probeAnswer(hostname, asked.nonce) };
  }

  async #answerChallenge(token: string, network: Network): Promise<EdgeAnswer> {
    const cells = this.cells();
    if (cells.length === 0) return UNAVAILABLE;
    if (!this.budget.take(network)) return NOT_FOUND;
    const asked = cells.map(({ names }) => names.keyAuthorization(token));
    const answers = await Promise.allSettled(asked);
    const found = answers.flatMap(
      (each) => (each.status === 'fulfilled' ? each.value : null) ?? [],
    );
    const [keyAuthorization] = found;
    if (keyAuthorization !== undefined) {
      this.budget.giveBack(network);
      return { status: 200, body: keyAuthorization };
    }
    return answers.every(({ status }) => status === 'fulfilled') ? NOT_FOUND : UNAVAILABLE;
  }
}

function isRead({ method }: IncomingMessage): boolean {
  return method === 'GET' || method === 'HEAD';
}
