import { z } from 'zod';

export interface Subproblem {
  readonly type: string;
  readonly detail: string;
}

export interface ProblemDocument extends Subproblem {
  /** 0 when the document has none. */
  readonly status: number;
  readonly subproblems: readonly Subproblem[];
}

// Lenient: a missing or invalid field must not hide the rest of the problem.
const subproblem = z.object({
  type: z.string().catch('about:blank'),
  detail: z.string().catch(''),
});
const problemDocument = subproblem.extend({
  type: z.string(),
  status: z.number().int().catch(0),
  subproblems: z.array(subproblem).catch([]),
});

/** RFC 9457 with ACME's subproblems (RFC 8555 section 6.7.1). Null when `value` is no problem document, such as HTML. */
export function parseProblemDocument(value: unknown): ProblemDocument | null {
  const parsed = problemDocument.safeParse(value);
  return parsed.success ? parsed.data : null;
}
