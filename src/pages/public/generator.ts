import {
  PASSWORD_LENGTH,
  PASSWORD_WORDS,
  type PasswordRecipe,
} from '../../secrets/generated-password.js';
import type { SentForm } from '../frame/page-form.js';
import type { MessageKey } from '../messages/catalogues.js';

/** What the form says when it cannot be sent like this. */
export interface FormRefusal {
  readonly key: MessageKey;
  readonly values?: Readonly<Record<string, number>>;
}

const KINDS = ['uppercase', 'lowercase', 'digits', 'symbols'] as const;
type Kind = (typeof KINDS)[number];

/** How a password is to be made, as it was typed and chosen. */
export interface TypedGenerator {
  readonly shape: PasswordRecipe['kind'];
  readonly length: string;
  readonly sets: Readonly<Record<Kind, boolean>>;
  readonly words: string;
}

export const GENERATOR_DEFAULT: TypedGenerator = {
  shape: 'characters',
  length: '12',
  sets: { uppercase: true, lowercase: true, digits: true, symbols: false },
  words: '6',
};

/** A form without these fields gets what the page offers at first. */
export function readTypedGenerator(sent: Pick<SentForm, 'get'>): TypedGenerator {
  const shape = sent.get('shape');
  if (shape === null) return GENERATOR_DEFAULT;
  const isTicked = (kind: Kind): boolean => sent.get(kind) !== null;
  const [uppercase, lowercase, digits, symbols] = KINDS.map(isTicked);
  return {
    shape: shape === 'words' ? 'words' : 'characters',
    length: sent.get('length') ?? GENERATOR_DEFAULT.length,
    sets: {
      uppercase: uppercase === true,
      lowercase: lowercase === true,
      digits: digits === true,
      symbols: symbols === true,
    },
    words: sent.get('words') ?? GENERATOR_DEFAULT.words,
  };
}

/** The recipe, or why there is none. */
export function readRecipe(typed: TypedGenerator): PasswordRecipe | FormRefusal {
  if (typed.shape === 'words') {
    const count = wholeNumber(typed.words, PASSWORD_WORDS);
    return count === null
      ? { key: 'create.refused.words', values: PASSWORD_WORDS }
      : { kind: 'words', count };
  }
  const length = wholeNumber(typed.length, PASSWORD_LENGTH);
  if (length === null) return { key: 'create.refused.length', values: PASSWORD_LENGTH };
  const { sets } = typed;
  if (!Object.values(sets).includes(true)) return { key: 'create.refused.sets' };
  return { kind: 'characters', length, sets };
}

function wholeNumber(
  text: string,
  { min, max }: { readonly min: number; readonly max: number },
): number | null {
  const trimmed = text.trim();
  const number = Number(trimmed);
  return /^\d{1,4}$/.test(trimmed) && number >= min && number <= max ? number : null;
}
