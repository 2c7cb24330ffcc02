import type { ConcealOffer } from '../../../secrets/conceal-offer.js';
import { GUESSES_MAX } from '../../../secrets/conceal-rules.js';
import { Field, PressField, textareaText } from '../../frame/fields.js';
import { useFrame, useTexts } from '../../frame/frame.js';
import { Button, Disclosure, OwnersText } from '../../frame/components.js';
import { Layout } from '../../frame/layout.js';
import { LIFETIMES, lifetimeText } from '../../frame/lifetimes.js';
import { GENERATOR_DEFAULT, type TypedGenerator } from '../generator.js';
import { GeneratorFields } from './generator-fields.js';

/** Below the largest request body: what the form sends comes back in it. */
const FORM_BYTES_MAX = 1_000_000;

export interface CreatePageProps {
  /** What the page gives to choose from. */
  readonly offer: ConcealOffer;
  readonly nonce: string;
  /** What was typed, when the form is shown again. */
  readonly value?: string;
  readonly passphrase?: string | null;
  readonly ttlSeconds?: number | null;
  readonly attempts?: string;
  readonly generator?: TypedGenerator;
  readonly alert?: string;
}

/**
 * The form to write a message. `generate` takes no message, so it skips the browser's validation. The form has no
 * `autocomplete="off"`: with it a browser that goes back from an error shows an empty field.
 */
export function CreatePage(props: CreatePageProps) {
  const { offer, nonce, value = '', passphrase = null, ttlSeconds = null, alert } = props;
  const { attempts = '', generator = GENERATOR_DEFAULT } = props;
  const { texts, brand } = useFrame();
  return (
    <Layout title={texts('create.title')} alert={alert}>
      {brand.description === null ? (
        <p>{texts('create.lead')}</p>
      ) : (
        <OwnersText text={brand.description} />
      )}
      <form method="post" action="/">
        <PressField nonce={nonce} />
        <MessageField value={value} bytesMax={offer.secretBytesMax} />
        <LifetimeField chosen={ttlSeconds} offer={offer} />
        <NewPassphraseField value={passphrase} attempts={attempts} offer={offer} />
        <Button name="kind" value="share">
          {texts('create.submit')}
        </Button>
        <GeneratorFields chosen={generator} />
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
  readonly offer: ConcealOffer;
}

function LifetimeField({ chosen, offer }: LifetimeFieldProps) {
  const { language, texts } = useFrame();
  const granted = lifetimesOf(offer).map((seconds) => ({
    seconds,
    label: lifetimeText(language, seconds),
  }));
  const isOffered = granted.some(({ seconds }) => seconds === chosen);
  const selected = isOffered ? chosen : offer.ttlSecondsDefault;
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

/** The usual choices that are offered, and what the owner of the domain has set. */
function lifetimesOf({ ttlSecondsDefault, ttlSecondsMax }: ConcealOffer): number[] {
  const usual = LIFETIMES.filter((seconds) => seconds <= ttlSecondsMax);
  return [...new Set([...usual, ttlSecondsDefault, ttlSecondsMax])].toSorted((a, b) => a - b);
}

interface NewPassphraseFieldProps {
  readonly value: string | null;
  /** As it was typed. */
  readonly attempts: string;
  readonly offer: ConcealOffer;
}

/**
 * Filled with what was typed when the form is shown again, and open then: an empty field would make the next press a
 * link without a passphrase. No maxlength: it would cut a longer passphrase without a word.
 */
function NewPassphraseField({ value, attempts, offer }: NewPassphraseFieldProps) {
  const texts = useTexts();
  const { isPassphraseRequired, passphraseLength } = offer;
  const isOpen = isPassphraseRequired || value !== null || attempts !== '';
  return (
    <Disclosure summary={texts('create.addPassphrase')} isOpen={isOpen}>
      <Field
        id="passphrase"
        label={texts('create.passphrase', passphraseLength)}
        type="password"
        value={value ?? undefined}
        isRequired={isPassphraseRequired}
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
