import { DAY_SECONDS } from '../../shared/durations.js';
import { textareaText } from './fields.js';
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
] as const;

const LIFETIME_DEFAULT = 7 * DAY_SECONDS;

export interface CreatePageProps {
  /** The typed message, when the form is shown again. The passphrase is not shown again. */
  readonly value?: string;
  readonly ttlSeconds?: number | null;
  readonly alert?: string;
}

/** The form to write a message. `generate` takes no message, so it skips the browser's validation. */
export function CreatePage({ value = '', ttlSeconds, alert }: CreatePageProps) {
  const chosen = ttlSeconds ?? LIFETIME_DEFAULT;
  return (
    <Layout title="Send a secure message" alert={alert}>
      <p>
        You get a link that opens once. After that, or when its time is up, the message is gone.
      </p>
      <form method="post" action="/" autocomplete="off">
        <label for="secret">Your message</label>
        <textarea id="secret" name="secret" rows={6} required autofocus spellcheck={false}>
          {textareaText(value)}
        </textarea>

        <label for="ttl">Delete it unread after</label>
        <select id="ttl" name="ttl">
          {LIFETIMES.map(({ seconds, label }) => (
            <option key={seconds} value={seconds} selected={seconds === chosen}>
              {label}
            </option>
          ))}
        </select>

        <details>
          <summary>Add a passphrase</summary>
          <label for="passphrase">Passphrase, 4 to 128 characters</label>
          <input
            id="passphrase"
            name="passphrase"
            type="password"
            maxlength={128}
            autocomplete="new-password"
            aria-describedby="passphrase-hint"
          />
          <p class="quiet" id="passphrase-hint">
            Tell it to the other person by another way than the link.
          </p>
        </details>

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
