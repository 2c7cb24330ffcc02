import { AsyncLocalStorage } from 'node:async_hooks';
import { types } from 'node:util';

/** What a span says. Never a key, a value, a path, a passphrase, a token or an address of a client. */
export type SpanFacts = Readonly<Record<string, string | number>>;

export type SpanKind = 'server' | 'client' | 'internal';

/** A piece of work that has begun. */
export interface OpenSpan {
  add(facts: SpanFacts): void;
  rename(name: string): void;
  /** @param kind a code or a class of errors; a message could have a value in it */
  fail(kind: string): void;
  end(): void;
}

export interface SpanStart {
  readonly kind: SpanKind;
  readonly facts: SpanFacts;
  /** Null: the first of a trace, unless `traceparent` names one. */
  readonly parent: OpenSpan | null;
  /** The header of W3C Trace Context, as a client sent it. */
  readonly traceparent?: string | undefined;
}

export interface Tracer {
  start(name: string, start: SpanStart): OpenSpan;
}

/** Of the process, as its traces are: null, and of no cost, unless GATEWAY_OTLP_ENDPOINT is set. */
let tracer: Tracer | null = null;
const current = new AsyncLocalStorage<OpenSpan>();

/** Null ends the tracing. */
export function useTracer(next: Tracer | null): void {
  tracer = next;
}

export function isTracing(): boolean {
  return tracer !== null;
}

/** Begins a span that its caller ends; what runs inside `within` belongs to it. Null when nothing is traced. */
export function startSpan(name: string, start: Omit<SpanStart, 'parent'>): OpenSpan | null {
  return tracer?.start(name, { ...start, parent: current.getStore() ?? null }) ?? null;
}

export function within<Result>(span: OpenSpan, work: () => Result): Result {
  return current.run(span, work);
}

/** Does `work` as a span of its own. */
export function traced<Result>(
  name: string,
  facts: SpanFacts,
  work: (span: OpenSpan | null) => Promise<Result>,
): Promise<Result> {
  const span = startSpan(name, { kind: 'internal', facts });
  return span === null ? work(null) : follow(span, () => work(span));
}

/** The same for a call to the database, as part of a span only: the loops of an idle process make no traces. */
export function tracedQuery<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  if (tracer === null || current.getStore() === undefined) return work();
  const span = startSpan(name, { kind: 'client', facts: QUERY });
  return span === null ? work() : follow(span, work);
}

const QUERY: SpanFacts = { 'db.system.name': 'postgresql' };

async function follow<Result>(span: OpenSpan, work: () => Promise<Result>): Promise<Result> {
  try {
    return await within(span, work);
  } catch (error) {
    span.fail(kindOf(error));
    throw error;
  } finally {
    span.end();
  }
}

const CODE = /^\w{1,40}$/;

/** SQLSTATE, the code of a system call or of an AppError, or the name of the class. */
function kindOf(error: unknown): string {
  if (!types.isNativeError(error)) return 'unknown';
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' && CODE.test(code) ? code : error.name;
}
