import { GUESSES_MAX, readGuessesMax, readTtlSeconds } from '../../secrets/conceal-rules.js';
import { generateValue } from '../../secrets/generated-value.js';
import type { ConcealSecret } from '../../secrets/receipt.js';
import type { MessageKey } from '../messages/catalogues.js';
import type { SentForm } from '../frame/page-form.js';

const BLANK = /^[\s\p{Cc}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]*$/u;
/** What was typed and chosen, for a form that is shown again. */
export interface TypedForm {
  readonly value: string;
  readonly ttlSeconds: number | null;
  readonly passphrase: string | null;
  readonly attempts: string;
}

export interface CreateForm {
  readonly command: ConcealSecret;
  readonly typed: TypedForm;
  /** What the form says when it cannot be sent like this; null otherwise. */
  readonly refusal: MessageKey | null;
}

export function readTypedForm(sent: Pick<SentForm, 'get'>): TypedForm {
  return {
    // Browsers send every newline of a form as CRLF, and a key file with CRLF does not work.
    value: (sent.get('secret') ?? '').replaceAll('\r\n', '\n'),
    ttlSeconds: readTtlSeconds(sent.get('ttl')),
    passphrase: sent.get('passphrase') || null,
    attempts: sent.get('passphrase_attempts') ?? '',
  };
}

export function readCreateForm(sent: SentForm): CreateForm {
  const kind = sent.get('kind') === 'generate' ? 'generate' : 'share';
  const typed = readTypedForm(sent);
  const command: ConcealSecret = {
    kind,
    value: kind === 'generate' ? generateValue() : typed.value,
    ttlSeconds: typed.ttlSeconds,
    passphrase: typed.passphrase,
    guessesMax: readGuessesMax(typed.attempts),
    recipients: [],
    shareDomain: null,
    surface: 'page',
  };
  return { command, typed, refusal: refusalOf(command) };
}

function refusalOf({
  kind,
  value,
  passphrase,
  guessesMax = null,
}: ConcealSecret): MessageKey | null {
  if (kind === 'share' && BLANK.test(value)) return 'create.refused.blank';
  if (guessesMax === null) return null;
  if (guessesMax < 1 || guessesMax > GUESSES_MAX) return 'create.refused.attempts';
  return passphrase === null ? 'create.refused.attemptsAlone' : null;
}
