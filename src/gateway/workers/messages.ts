import type { ConfigProblem } from '../../config/config-problem.js';
import type { Hostname } from '../../shared/hostname.js';
import type { SharedListener } from '../inherited-sockets.js';
import type { Surroundings } from '../gateway.js';
import type { MetricValues, Permission, Readiness } from '../ops-answers.js';

/** What each question is asked with, and what it is answered with. */
export interface Questions {
  readonly readiness: { readonly about: null; readonly answer: Readiness };
  readonly metrics: { readonly about: null; readonly answer: MetricValues[] };
  readonly permission: { readonly about: Hostname; readonly answer: Permission };
}

export type QuestionName = keyof Questions;

/** Sent with a handle: a socket that listens, or a connection that was accepted on the way. */
export type Handed =
  | { readonly kind: 'socket'; readonly listener: SharedListener }
  | { readonly kind: 'connection'; readonly listener: SharedListener };

/** From the supervisor to a worker. */
export type Order =
  | { readonly kind: 'start'; readonly worker: number; readonly surroundings: Surroundings }
  | { readonly kind: 'stop'; readonly isUnhurried: boolean }
  /** The worker sends the sockets on which it listens. It goes on until it is told to stop. */
  | { readonly kind: 'hand over' }
  /** A worker that does not listen yet waits for all of its regions. */
  | { readonly kind: 'others serve' }
  /** It waits no longer. */
  | { readonly kind: 'nobody serves' }
  /** All that is inherited has been sent. */
  | { readonly kind: 'listen' }
  /** The worker answers 'alive'. */
  | { readonly kind: 'beat' }
  | Handed
  | {
      readonly kind: 'question';
      readonly id: number;
      readonly name: QuestionName;
      readonly about: Hostname | null;
    };

/** From a worker to the supervisor. */
export type Report =
  | { readonly kind: 'serving' }
  /** Of a worker that inherits: the next is 'listen'. */
  | { readonly kind: 'can listen' }
  | { readonly kind: 'handed over' }
  | { readonly kind: 'alive' }
  | Handed
  | { readonly kind: 'refused'; readonly problems: readonly ConfigProblem[] }
  | { readonly kind: 'last metrics'; readonly metrics: MetricValues[] }
  /** `answer` is undefined when the question failed; the worker has logged why. */
  | { readonly kind: 'answer'; readonly id: number; readonly answer: unknown };
