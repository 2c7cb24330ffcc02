import { globSync, readFileSync } from 'node:fs';
import { IntlMessageFormat } from 'intl-messageformat';
import { LANGUAGES } from '../../shared/language.js';
import { CATALOGUES, type MessageKey } from './catalogues.js';
import { hasText, textsIn } from './messages.js';

const KEYS = Object.keys(CATALOGUES.en) as MessageKey[];
/** The type of an element that is plain text. */
const LITERAL: number = 0;
type Element = ReturnType<IntlMessageFormat['getAst']>[number];

const isLiteral = (type: number): boolean => type === LITERAL;

/** The names in the braces of a message, those in the forms of a plural too. */
function argumentsOf(elements: readonly Element[]): string[] {
  return elements.flatMap((element) => {
    if (!('value' in element) || isLiteral(element.type)) return [];
    const forms = 'options' in element ? Object.values(element.options) : [];
    return [element.value, ...forms.flatMap((form) => argumentsOf(form.value))];
  });
}

function argumentsIn(message: string, language: string): string[] {
  const built = new IntlMessageFormat(message, language, undefined, { ignoreTag: true });
  return [...new Set(argumentsOf(built.getAst()))].sort();
}

describe.each(LANGUAGES)('the texts in %s', (language) => {
  const catalogue = CATALOGUES[language];

  it('are those of English, none missing and none more', () => {
    expect(Object.keys(catalogue).sort()).toEqual([...KEYS].sort());
  });

  it.each(KEYS)('%s has the arguments of English, and every count can be said', (key) => {
    const names = argumentsIn(CATALOGUES.en[key], 'en');
    expect(argumentsIn(catalogue[key], language)).toEqual(names);
    for (const count of [0, 1, 2, 3, 11, 100]) {
      const values = Object.fromEntries(names.map((name) => [name, count]));
      expect(textsIn(language)(key, values)).not.toMatch(/[{}]|^\s*$/);
    }
  });
});

it('has no sentence in two languages', () => {
  const twice = KEYS.filter((key) => {
    const texts = LANGUAGES.map((language) => CATALOGUES[language][key]);
    // One word may be the same in two of them.
    return texts.every((text) => text.includes(' ')) && new Set(texts).size < texts.length;
  });
  expect(twice).toEqual([]);
});

it('has no line in French that begins with a mark or ends with an opening quote', () => {
  const texts = KEYS.filter((key) => argumentsIn(CATALOGUES.fr[key], 'fr').length === 0);
  expect(texts.map((key) => textsIn('fr')(key)).filter((text) => / [:;!?»]|« /.test(text))).toEqual(
    [],
  );
});

it('has a text for every event that the timeline of a domain gets', () => {
  const found = ['src/certificates', 'src/domains'].flatMap((folder) =>
    globSync(`${folder}/**/*.ts`, { exclude: (name) => name.endsWith('.spec.ts') })
      .map((file) => readFileSync(file, 'utf8'))
      .flatMap((source) => [
        ...source.matchAll(/axis: '(\w+)', type: '(\w+)'/g),
        // Certificates' events have no axis where they are made; statements write theirs.
        ...source.matchAll(/()(?:domainId, hostname|event(?: =|:) \{) ?,? ?type: '(\w+)'/g),
        ...source.matchAll(/'(certificate|ownership|routing|serving)', '(\w+)' from/g),
      ]),
  );
  const keys = found.map(([, axis, type]) => `event.${axis || 'certificate'}.${type}`);
  expect(keys).toEqual(
    expect.arrayContaining(['event.certificate.queued', 'event.ownership.claimed']),
  );
  expect(keys.filter((key) => !hasText(key))).toEqual([]);
});
