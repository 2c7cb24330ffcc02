import { parseProblemDocument, type Subproblem } from './problem-document.js';
import type { HeaderValues } from '../shared/retry-after.js';
import { retryAfterSeconds } from './retry-after.js';

/** Where a problem comes from: the answer to a request, an order or authorization, or this side. */
export type ProblemSource = 'answer' | 'object' | 'local';

/** Problems found on this side. A CA's types are URNs, so they cannot collide. */
export const LOCAL_PROBLEM_TYPES = [
  'connection',
  'unreadable_answer',
  'no_challenge',
  'certificate_incomplete_chain',
  'certificate_wrong_key',
  'certificate_wrong_name',
  'certificate_not_valid_now',
  'certificate_unusable',
] as const;
export type LocalProblemType = (typeof LOCAL_PROBLEM_TYPES)[number];

export interface AcmeProblemOptions {
  readonly source?: ProblemSource;
  readonly subproblems?: readonly Subproblem[];
  readonly retryAfterSeconds?: number | null;
  readonly isAboutService?: boolean;
  readonly cause?: unknown;
}

export const ACME_ERROR = 'urn:ietf:params:acme:error:';

const UNPAUSE = /https:\/\/\S*unpause\S*/;
const DETAIL_MAX = 2000;

/** A failure in talking to a CA (RFC 8555 section 6.7). Shown to operators and in the timeline; contains no secret. */
export class AcmeProblem extends Error {
  readonly source: ProblemSource;
  readonly subproblems: readonly Subproblem[];
  /** From now. Null: the CA gave none. */
  readonly retryAfterSeconds: number | null;
  /** The CA's page on which a person lifts the pause of a name. */
  readonly unpauseUrl: string | null;
  /** The request was for the directory, a nonce or the account, so it fails for every name. */
  readonly isAboutService: boolean;

  /**
   * @param type the CA's URN; `about:blank` for an answer without a problem document; or a LocalProblemType
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
    this.isAboutService = options.isAboutService ?? false;
  }

  /** The same problem of a request that every name needs. */
  asServiceProblem(): AcmeProblem {
    const { type, status, detail, source, subproblems, cause } = this;
    return new AcmeProblem(type, status, detail, {
      source,
      subproblems,
      retryAfterSeconds: this.retryAfterSeconds,
      cause,
      isAboutService: true,
    });
  }
}

export interface ProblemAnswer {
  readonly status: number;
  readonly headers: HeaderValues;
  /** Parsed JSON, or text. */
  readonly data: unknown;
}

/** The problem in an answer that is no success: a problem document, or the HTML of a proxy before the CA. */
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

/** Marks a problem of a request that every name needs: the directory, a nonce, the account. */
export async function askForService<Answer>(asking: Promise<Answer>): Promise<Answer> {
  try {
    return await asking;
  } catch (error) {
    throw error instanceof AcmeProblem ? error.asServiceProblem() : error;
  }
}

/** A problem found on this side: no answer, an unreadable one, a certificate that must not be used. */
export function localProblem(type: LocalProblemType, detail: string, cause?: unknown): AcmeProblem {
  return new AcmeProblem(type, 0, cut(detail), { source: 'local', cause });
}

function cut(text: string): string {
  return text.length <= DETAIL_MAX ? text : `${text.slice(0, DETAIL_MAX)}…`;
}
