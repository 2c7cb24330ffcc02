import { GUESSES_MAX, readGuessesMax, readTtlSeconds } from '../../secrets/conceal-rules.js';
import { generatePassword } from '../../secrets/generated-password.js';
import type { ConcealSecret } from '../../secrets/receipt.js';
import type { SentForm } from '../frame/page-form.js';
import {
  readRecipe,
  readTypedGenerator,
  type FormRefusal,
  type TypedGenerator,
} from './generator.js';

const BLANK = /^[\s\p{Cc}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]*$/u;
/** What was typed and chosen, for a form that is shown again. */
export interface TypedForm {
  readonly value: string;
  readonly ttlSeconds: number | null;
  readonly passphrase: string | null;
  readonly attempts: string;
  readonly generator: TypedGenerator;
}

export interface CreateForm {
  readonly command: ConcealSecret;
  readonly typed: TypedForm;
  readonly refusal: FormRefusal | null;
}

export function readTypedForm(sent: Pick<SentForm, 'get'>): TypedForm {
  return {
    // Browsers send every newline of a form as CRLF, and a key file with CRLF does not work.
    value: (sent.get('secret') ?? '').replaceAll('\r\n', '\n'),
    ttlSeconds: readTtlSeconds(sent.get('ttl')),
    passphrase: sent.get('passphrase') || null,
    attempts: sent.get('passphrase_attempts') ?? '',
    generator: readTypedGenerator(sent),
  };
}

export function readCreateForm(sent: SentForm): CreateForm {
  const kind = sent.get('kind') === 'generate' ? 'generate' : 'share';
  const typed = readTypedForm(sent);
  const recipe = readRecipe(typed.generator);
  const command: ConcealSecret = {
    kind,
    value: kind === 'share' ? typed.value : 'key' in recipe ? '' : generatePassword(recipe),
    ttlSeconds: typed.ttlSeconds,
    passphrase: typed.passphrase,
    guessesMax: readGuessesMax(typed.attempts),
    recipients: [],
    shareDomain: null,
    surface: 'page',
  };
  const refusal = kind === 'generate' && 'key' in recipe ? recipe : refusalOf(command);
  return { command, typed, refusal };
}

function refusalOf({
  kind,
  value,
  passphrase,
  guessesMax = null,
}: ConcealSecret): FormRefusal | null {
  if (kind === 'share' && BLANK.test(value)) return { key: 'create.refused.blank' };
  if (guessesMax === null) return null;
  if (guessesMax < 1 || guessesMax > GUESSES_MAX)
    return { key: 'create.refused.attempts', values: { max: GUESSES_MAX } };
  return passphrase === null ? { key: 'create.refused.attemptsAlone' } : null;
}
