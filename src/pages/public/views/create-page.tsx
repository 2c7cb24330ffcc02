import type { PlanLimits } from '../../../accounts/plans.js';
import { GUESSES_MAX, PASSPHRASE_LENGTH } from '../../../secrets/conceal-rules.js';
import { DAY_SECONDS } from '../../../shared/durations.js';
import { Field, PressField, textareaText } from '../../frame/fields.js';
import { useFrame, useTexts } from '../../frame/frame.js';
import { Button, Disclosure } from '../../frame/components.js';
import { Layout } from '../../frame/layout.js';

const MINUTE_SECONDS = 60;
const HOUR_SECONDS = 60 * MINUTE_SECONDS;

/** The choices, each in the unit in which people say it. */
const LIFETIMES = [
  { count: 5, unit: 'minute' },
  { count: 30, unit: 'minute' },
  { count: 1, unit: 'hour' },
  { count: 4, unit: 'hour' },
  { count: 1, unit: 'day' },
  { count: 3, unit: 'day' },
  { count: 7, unit: 'day' },
  { count: 14, unit: 'day' },
  { count: 30, unit: 'day' },
] as const;

const UNIT_SECONDS = { minute: MINUTE_SECONDS, hour: HOUR_SECONDS, day: DAY_SECONDS } as const;

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
  const texts = useTexts();
  return (
    <Layout title={texts('create.title')} alert={alert}>
      <p>{texts('create.lead')}</p>
      <form method="post" action="/">
        <PressField nonce={nonce} />
        <MessageField value={value} bytesMax={limits.secretBytesMax} />
        <LifetimeField chosen={ttlSeconds} secondsMax={limits.ttlSecondsMax} />
        <NewPassphraseField value={passphrase} attempts={attempts} />
        <Button name="kind" value="share">
          {texts('create.submit')}
        </Button>
        <Button kind="second" name="kind" value="generate" skipsValidation>
          {texts('create.generate')}
        </Button>
      </form>
      <ToAccount />
    </Layout>
  );
}

/** On the region's own host; a customer's domain has no accounts. */
function ToAccount() {
  const { texts, tenant, csrf } = useFrame();
  if (tenant.customDomain !== null) return null;
  return (
    <p class="quiet">
      {csrf === null ? (
        <a href="/sign-in">{texts('signIn.title')}</a>
      ) : (
        <a href="/account">{texts('account.title')}</a>
      )}
    </p>
  );
}

function MessageField({ value, bytesMax }: { readonly value: string; readonly bytesMax: number }) {
  const texts = useTexts();
  return (
    <>
      <label for="secret">{texts('create.message')}</label>
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
      <p class="hint" id="secret-hint">
        {texts('create.size', { bytes: bytesMax })}
      </p>
    </>
  );
}

interface LifetimeFieldProps {
  readonly chosen: number | null;
  readonly secondsMax: number;
}

function LifetimeField({ chosen, secondsMax }: LifetimeFieldProps) {
  const { language, texts } = useFrame();
  const granted = LIFETIMES.map(({ count, unit }) => ({
    seconds: count * UNIT_SECONDS[unit],
    label: new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(
      count,
    ),
  })).filter(({ seconds }) => seconds <= secondsMax);
  const isOffered = granted.some(({ seconds }) => seconds === chosen);
  const selected = isOffered ? chosen : LIFETIME_DEFAULT;
  return (
    <>
      <label for="ttl">{texts('create.lifetime')}</label>
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
  const texts = useTexts();
  return (
    <Disclosure summary={texts('create.addPassphrase')} isOpen={value !== null || attempts !== ''}>
      <Field
        id="passphrase"
        label={texts('create.passphrase', PASSPHRASE_LENGTH)}
        type="password"
        value={value ?? undefined}
        autocomplete="new-password"
        hint={texts('create.passphraseHint')}
      />
      <Field
        id="passphrase-attempts"
        name="passphrase_attempts"
        label={texts('create.attempts')}
        inputmode="numeric"
        value={attempts}
        hint={texts('create.attemptsHint', { max: GUESSES_MAX })}
      />
    </Disclosure>
  );
}
