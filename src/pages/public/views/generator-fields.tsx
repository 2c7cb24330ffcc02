import { PASSWORD_LENGTH, PASSWORD_WORDS } from '../../../secrets/generated-password.js';
import { Disclosure } from '../../frame/components.js';
import { Field } from '../../frame/fields.js';
import { useTexts } from '../../frame/frame.js';
import { GENERATOR_DEFAULT, type TypedGenerator } from '../generator.js';

const KINDS = ['uppercase', 'lowercase', 'digits', 'symbols'] as const;

/** How a password is made. Open when something else than usual is chosen: the form is shown again then. */
export function GeneratorFields({ chosen }: { readonly chosen: TypedGenerator }) {
  const texts = useTexts();
  const { shape, length, sets, words } = chosen;
  return (
    <Disclosure summary={texts('create.generator')} isOpen={!isUsual(chosen)}>
      <fieldset>
        <legend class="unseen">{texts('create.generator')}</legend>
        <Choice
          type="radio"
          id="of-characters"
          name="shape"
          value="characters"
          isOn={shape === 'characters'}
        >
          {texts('create.ofCharacters')}
        </Choice>
        <Field
          id="length"
          label={texts('create.length', PASSWORD_LENGTH)}
          inputmode="numeric"
          value={length}
        />
        {KINDS.map((kind) => (
          <Choice key={kind} type="checkbox" id={kind} name={kind} value="1" isOn={sets[kind]}>
            {texts(`create.${kind}`)}
          </Choice>
        ))}
        <Choice type="radio" id="of-words" name="shape" value="words" isOn={shape === 'words'}>
          {texts('create.ofWords')}
        </Choice>
        <Field
          id="words"
          label={texts('create.words', PASSWORD_WORDS)}
          inputmode="numeric"
          value={words}
        />
      </fieldset>
      <p class="hint">{texts('create.strength')}</p>
    </Disclosure>
  );
}

function isUsual(chosen: TypedGenerator): boolean {
  return JSON.stringify(chosen) === JSON.stringify(GENERATOR_DEFAULT);
}

interface ChoiceProps {
  readonly type: 'radio' | 'checkbox';
  readonly id: string;
  readonly name: string;
  readonly value: string;
  readonly isOn: boolean;
  readonly children: string;
}

function Choice({ type, id, name, value, isOn, children }: ChoiceProps) {
  return (
    <label for={id} class={type === 'radio' ? 'choice apart' : 'choice'}>
      <input type={type} id={id} name={name} value={value} checked={isOn} /> {children}
    </label>
  );
}
