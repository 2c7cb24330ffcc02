import { parseProblemDocument, type Subproblem } from './problem-document.js';
import { retryAfterSeconds, type HeaderValues } from './retry-after.js';

/** Where a problem was said: by the answer to a request, inside an order or authorization, or by us. */
export type ProblemSource = 'answer' | 'object' | 'local';

/** What our own side says. The CA's types are URNs, so the two never meet. */
export type LocalProblemType =
  | 'connection'
  | 'unreadable_answer'
  | 'no_challenge'
  | 'certificate_incomplete_chain'
  | 'certificate_wrong_key'
  | 'certificate_wrong_name'
  | 'certificate_not_valid_now'
  | 'certificate_unusable';

export interface AcmeProblemOptions {
  readonly source?: ProblemSource;
  readonly subproblems?: readonly Subproblem[];
  readonly retryAfterSeconds?: number | null;
  readonly cause?: unknown;
}

export const ACME_ERROR = 'urn:ietf:params:acme:error:';

const UNPAUSE = /https:\/\/\S*unpause\S*/;
const DETAIL_MAX = 2000;

/** Whatever goes wrong while talking to a CA (RFC 8555 section 6.7). For operators and the timeline, never a secret in it. */
export class AcmeProblem extends Error {
  readonly source: ProblemSource;
  readonly subproblems: readonly Subproblem[];
  /** From now. Null: the CA did not say. */
  readonly retryAfterSeconds: number | null;
  /** Where a person lifts the pause that the CA put on a name. */
  readonly unpauseUrl: string | null;

  /**
   * @param type the CA's URN; `about:blank` for an answer without one; a bare word is ours
   * @param status the HTTP status; 0 when there was no answer
   */
  constructor(
    readonly type: string,
    readonly status: number,
    readonly detail: string,
    options: AcmeProblemOptions = {},
  ) {
    super(`${type} (${status}): ${detail}`, options.cause === undefined ? {} : options);
    this.name = 'AcmeProblem';
    this.source = options.source ?? 'answer';
    this.subproblems = options.subproblems ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds ?? null;
    this.unpauseUrl = UNPAUSE.exec(detail)?.[0] ?? null;
  }
}

export interface ProblemAnswer {
  readonly status: number;
  readonly headers: HeaderValues;
  /** Parsed JSON, or text. */
  readonly data: unknown;
}

/** The problem in an answer that is no success: a problem document, or the HTML of whatever stands before the CA. */
export function problemFromAnswer(answer: ProblemAnswer, now: Date): AcmeProblem {
  const document = parseProblemDocument(answer.data);
  const detail = document?.detail ?? `the CA answered ${answer.status} without a problem document`;
  return new AcmeProblem(document?.type ?? 'about:blank', answer.status, cut(detail), {
    subproblems: document?.subproblems ?? [],
    retryAfterSeconds: retryAfterSeconds(answer.headers, detail, now),
  });
}

/** The `error` of an order or a challenge. Null when there is none. */
export function problemFromObject(error: unknown): AcmeProblem | null {
  const document = parseProblemDocument(error);
  if (document === null) return null;
  const { type, status, subproblems } = document;
  return new AcmeProblem(type, status, cut(document.detail), { source: 'object', subproblems });
}

/** What this side found: no answer, an unreadable one, a certificate that must not be used. */
export function localProblem(type: LocalProblemType, detail: string, cause?: unknown): AcmeProblem {
  return new AcmeProblem(type, 0, cut(detail), { source: 'local', cause });
}

function cut(text: string): string {
  return text.length <= DETAIL_MAX ? text : `${text.slice(0, DETAIL_MAX)}…`;
}
