import type { PlanLimits } from '../../accounts/plans.js';
import { GUESSES_MAX } from '../../secrets/conceal-rules.js';
import { DAY_SECONDS } from '../../shared/durations.js';
import { PressField, textareaText } from './fields.js';
import { Layout } from './layout.js';

const HOUR_SECONDS = DAY_SECONDS / 24;

const LIFETIMES = [
  { seconds: 300, label: '5 minutes' },
  { seconds: 1800, label: '30 minutes' },
  { seconds: HOUR_SECONDS, label: '1 hour' },
  { seconds: 4 * HOUR_SECONDS, label: '4 hours' },
  { seconds: DAY_SECONDS, label: '1 day' },
  { seconds: 3 * DAY_SECONDS, label: '3 days' },
  { seconds: 7 * DAY_SECONDS, label: '7 days' },
  { seconds: 14 * DAY_SECONDS, label: '14 days' },
  { seconds: 30 * DAY_SECONDS, label: '30 days' },
] as const;

const LIFETIME_DEFAULT = 7 * DAY_SECONDS;
/** Below the largest request body: what the form sends comes back in it. */
const FORM_BYTES_MAX = 1_000_000;

export interface CreatePageProps {
  /** Of the caller's plan; the page says them. */
  readonly limits: PlanLimits;
  readonly nonce: string;
  /** What was typed, when the form is shown again. */
  readonly value?: string;
  readonly passphrase?: string | null;
  readonly ttlSeconds?: number | null;
  readonly attempts?: string;
  readonly alert?: string;
}

/**
 * The form to write a message. `generate` takes no message, so it skips the browser's validation. The form has no
 * `autocomplete="off"`: with it a browser that goes back from an error shows an empty field.
 */
export function CreatePage(props: CreatePageProps) {
  const { limits, nonce, value = '', passphrase = null, ttlSeconds = null, alert } = props;
  const { attempts = '' } = props;
  return (
    <Layout title="Send a secure message" alert={alert}>
      <p>
        You get a link that opens once. After that, or when its time is up, the message is gone.
      </p>
      <form method="post" action="/">
        <PressField nonce={nonce} />
        <MessageField value={value} bytesMax={limits.secretBytesMax} />
        <LifetimeField chosen={ttlSeconds} secondsMax={limits.ttlSecondsMax} />
        <NewPassphraseField value={passphrase} attempts={attempts} />
        <button name="kind" value="share">
          Create the link
        </button>
        <button class="second" name="kind" value="generate" formnovalidate>
          Generate a password instead
        </button>
      </form>
    </Layout>
  );
}

function MessageField({ value, bytesMax }: { readonly value: string; readonly bytesMax: number }) {
  return (
    <>
      <label for="secret">Your message</label>
      <textarea
        id="secret"
        name="secret"
        rows={6}
        required
        autofocus
        spellcheck={false}
        aria-describedby="secret-hint"
        data-bytes-max={FORM_BYTES_MAX}
      >
        {textareaText(value)}
      </textarea>
      <p class="quiet" id="secret-hint">
        Up to {bytesMax.toLocaleString('en')} bytes: so many letters from A to Z, or about half as
        many of other alphabets.
      </p>
    </>
  );
}

interface LifetimeFieldProps {
  readonly chosen: number | null;
  readonly secondsMax: number;
}

function LifetimeField({ chosen, secondsMax }: LifetimeFieldProps) {
  const granted = LIFETIMES.filter(({ seconds }) => seconds <= secondsMax);
  const isOffered = granted.some(({ seconds }) => seconds === chosen);
  const selected = isOffered ? chosen : LIFETIME_DEFAULT;
  return (
    <>
      <label for="ttl">Delete it unread after</label>
      <select id="ttl" name="ttl">
        {granted.map(({ seconds, label }) => (
          <option key={seconds} value={seconds} selected={seconds === selected}>
            {label}
          </option>
        ))}
      </select>
    </>
  );
}

interface NewPassphraseFieldProps {
  readonly value: string | null;
  /** As it was typed. */
  readonly attempts: string;
}

/**
 * Filled with what was typed when the form is shown again, and open then: an empty field would make the next press a
 * link without a passphrase. No maxlength: it would cut a longer passphrase without a word.
 */
function NewPassphraseField({ value, attempts }: NewPassphraseFieldProps) {
  return (
    <details open={value !== null || attempts !== ''}>
      <summary>Add a passphrase</summary>
      <label for="passphrase">Passphrase, 4 to 128 characters</label>
      <input
        id="passphrase"
        name="passphrase"
        type="password"
        value={value ?? undefined}
        autocomplete="new-password"
        aria-describedby="passphrase-hint"
      />
      <p class="quiet" id="passphrase-hint">
        Tell it to the other person by another way than the link.
      </p>
      <label for="passphrase-attempts">Delete it after so many wrong passphrases (optional)</label>
      <input
        id="passphrase-attempts"
        name="passphrase_attempts"
        type="text"
        inputmode="numeric"
        value={attempts}
        autocomplete="off"
        aria-describedby="passphrase-attempts-hint"
      />
      <p class="quiet" id="passphrase-attempts-hint">
        1 to {GUESSES_MAX}. Whoever has the link can use them up, and then nobody can read the
        message.
      </p>
    </details>
  );
}
