import { COUNT_ONE_MORE } from '../limits/counter-statements.js';
import { GUESS_LIMITS, guessRefused } from '../limits/guess-limits.js';

/** What a statement with countGuess() says of the guess; see GUESS_COLUMNS. */
export interface GuessOutcome {
  /** Seconds until the next guess is admitted; null when this one is. */
  readonly refusedFor: number | null;
  /** What the exceeded limit allows; null when none is. */
  readonly guessesAllowed: number | null;
  /** The owner chose a number of guesses, and the secret has a passphrase. */
  readonly isCounted: boolean;
  /** After this guess; null when none was left. */
  readonly guessesLeft: number | null;
}

interface GuessParts {
  /** The secret's lookup, from `found`. */
  readonly secret: string;
  /** The condition that finds the secret's row. */
  readonly at: string;
  /** The parameters with the keys, the seconds and the bursts of GuessLimits.chargesFor(). */
  readonly charges: readonly [keys: string, seconds: string, bursts: string];
}

const NAMES = `array[${GUESS_LIMITS.map((name) => `'${name}'`).join(', ')}]`;

/**
 * Counts one guess before it is tried, after `found` with the secret's columns: of guesses at once no more are admitted
 * than the limits allow. Only what is admitted takes from guesses_left. The counters' keys are made here, from the
 * secret's lookup: a receipt tells it only to the statement.
 */
export function countGuess({ secret, at, charges: [keys, seconds, bursts] }: GuessParts): string {
  return `charged as materialized (
      select n, burst, seconds, substring(sha256(part.key || ${secret}) for 16) as key,
        (${NAMES})[n::int] as limit_name, case when n <> 2 then part.key end as network_key
      from unnest(${keys}::bytea[], ${seconds}::int[], ${bursts}::int[]) with ordinality
        as part (key, seconds, burst, n), found
      where found.salt is not null
    ),
    counted as (
      insert into rate_limits as counter (key, used, resets_at, limit_name, burst, network_key)
      select key, 1, now() + make_interval(secs => seconds), limit_name, burst, network_key
      from charged order by key
      ${COUNT_ONE_MORE}
      returning key, used, resets_at
    ),
    exceeded as (
      select charged.n, charged.burst, counted.resets_at from counted join charged using (key)
      where counted.used > charged.burst
    ),
    refusal as (
      select resets_at as until, burst from exceeded
      where n = 1 or n = 3 and exists (select from exceeded where n = 2)
      order by resets_at desc limit 1
    ),
    guess as (
      update {secrets} set guesses_left = guesses_left - 1
      where ${at} and expires_at > now() and exists (select from found)
        and salt is not null and guesses_left > 0 and not exists (select from refusal)
      returning guesses_left
    )`;
}

/** Selected from `found left join refusal on true`. */
export const GUESS_COLUMNS = `
      extract(epoch from refusal.until - now())::float8 as "refusedFor", refusal.burst as "guessesAllowed",
      found.salt is not null and found.guesses_left is not null as "isCounted",
      (select guesses_left from guess) as "guessesLeft"`;

/**
 * Whether the passphrase may be tried. Not when others have taken the last guess; if they fail, they burn the secret.
 * @throws AppError `rate_limited`
 */
export function takesGuess(outcome: GuessOutcome): boolean {
  const { refusedFor, guessesAllowed, isCounted, guessesLeft } = outcome;
  if (refusedFor !== null) throw guessRefused(refusedFor, guessesAllowed ?? 0);
  return !isCounted || guessesLeft !== null;
}
