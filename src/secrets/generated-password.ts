import { randomInt } from 'node:crypto';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { ALPHABETS, generateValue, type CharacterSets } from './generated-value.js';

/** How a sender wants a password to be made. */
export type PasswordRecipe =
  | {
      readonly kind: 'characters';
      readonly length: number;
      readonly sets: Required<CharacterSets>;
    }
  | { readonly kind: 'words'; readonly count: number };

/** Not below the number of kinds of characters: each that is chosen occurs. */
export const PASSWORD_LENGTH = { min: 4, max: 128 } as const;
export const PASSWORD_WORDS = { min: 3, max: 20 } as const;

const WORDS: readonly string[] = wordlist;
const SEPARATOR = '-';

/** Of all passwords of the recipe, each as likely as any other. */
export function generatePassword(recipe: PasswordRecipe): string {
  if (recipe.kind === 'words') {
    const words = Array.from({ length: recipe.count }, () => WORDS[randomInt(WORDS.length)]);
    return words.join(SEPARATOR);
  }
  const { length, sets } = recipe;
  const alphabets = alphabetsOf(sets);
  for (;;) {
    const value = generateValue({ length, characterSets: sets });
    if (alphabets.every((alphabet) => hasOneOf(value, alphabet))) return value;
  }
}

/** How many bits a guess at a generated password needs: of those that have each of its kinds of characters. */
export function bitsOf(password: string): number {
  const words = password.split(SEPARATOR);
  if (words.length > 1 && words.every((word) => WORDS.includes(word)))
    return Math.floor(words.length * Math.log2(WORDS.length));
  const sizes = Object.values(ALPHABETS)
    .filter((alphabet) => hasOneOf(password, alphabet))
    .map((alphabet) => alphabet.length);
  return Math.floor(Math.log2(Math.max(1, countWithAll(sizes, password.length))));
}

/** Of how many passwords it is one: all from these alphabets, less those without one of them (inclusion and exclusion). */
function countWithAll(sizes: readonly number[], length: number, others = 0): number {
  const [size, ...rest] = sizes;
  if (size === undefined) return others ** length;
  return countWithAll(rest, length, others + size) - countWithAll(rest, length, others);
}

function alphabetsOf(sets: Required<CharacterSets>): string[] {
  const kinds = Object.keys(ALPHABETS) as (keyof typeof ALPHABETS)[];
  return kinds.filter((kind) => sets[kind]).map((kind) => ALPHABETS[kind]);
}

function hasOneOf(value: string, alphabet: string): boolean {
  return Array.from(value).some((character) => alphabet.includes(character));
}
