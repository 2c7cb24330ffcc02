import type { Statement } from '../database/statements.js';

/** How long the outcome of a press counts; after it the same form acts anew. */
const COUNTS_FOR = `interval '10 seconds'`;
/** Longer than any request is in work: a process may have ended in the middle of it. */
const IN_WORK_FOR = `interval '60 seconds'`;

// Of all processes one gets a row.
export const BEGIN: Statement = {
  name: 'presses_begin',
  text: `
    insert into presses as press (mark, outcome) values ($1, 'begun')
    on conflict (mark) do update set outcome = 'begun', at = now()
    where press.at <= now() - case when press.outcome = 'begun' then ${IN_WORK_FOR} else ${COUNTS_FOR} end
    returning 1`,
};

export const OUTCOME: Statement = {
  name: 'presses_outcome',
  text: `
    select outcome from presses where mark = $1
      and at > now() - case when outcome = 'begun' then ${IN_WORK_FOR} else ${COUNTS_FOR} end`,
};

export const REFUSE: Statement = {
  name: 'presses_refuse',
  text: `update presses set outcome = 'refused', at = now() where mark = $1 and outcome = 'begun'`,
};

export const FORGET: Statement = {
  name: 'presses_forget',
  text: `delete from presses where mark = $1 and outcome = 'begun'`,
};

/**
 * A part of the statement that does what the press asks for, so that both are written or neither. `mark` and `outcome`
 * are parameters or constants, `when` a condition on another part.
 */
export function writeOutcome(mark: string, outcome: string, when: string): string {
  return `press as (
      update presses set outcome = ${outcome}, at = now() where mark = ${mark} and ${when}
    )`;
}
