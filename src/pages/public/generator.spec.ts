import { SentForm } from '../frame/page-form.js';
import { readCreateForm } from './create-form.js';

const read = (fields: Record<string, string>) =>
  readCreateForm(new SentForm(Buffer.from(new URLSearchParams(fields).toString())));
const generate = (fields: Record<string, string>) => read({ kind: 'generate', ...fields });

describe('a password that the create form generates', () => {
  it.each<[string, Record<string, string>, RegExp]>([
    ['nothing chosen', {}, /^[A-HJ-NP-Za-hjkmnp-z2-9]{12}$/],
    ['a length and one kind', { shape: 'characters', length: '6', digits: '1' }, /^[2-9]{6}$/],
    [
      'two kinds',
      { shape: 'characters', length: ' 16 ', lowercase: 'on', symbols: '1' },
      /^(?=.*[a-z])(?=.*[^a-z])[^A-Z0-9]{16}$/,
    ],
    ['words', { shape: 'words', words: '5', length: 'x' }, /^[a-z]+(?:-[a-z]+){4}$/],
    ['the longest', { shape: 'characters', length: '128', uppercase: '1' }, /^[A-Z]{128}$/],
  ])('has what was chosen: %s', (_name, fields, expected) => {
    const { command, refusal } = generate(fields);
    expect(refusal).toBeNull();
    expect(command).toMatchObject({ kind: 'generate', value: expect.stringMatching(expected) });
  });

  it.each<[Record<string, string>, string]>([
    [{ shape: 'characters', length: '3', digits: '1' }, 'create.refused.length'],
    [{ shape: 'characters', length: '129', digits: '1' }, 'create.refused.length'],
    [{ shape: 'characters', length: '1e1', digits: '1' }, 'create.refused.length'],
    [{ shape: 'characters', length: '', digits: '1' }, 'create.refused.length'],
    [{ shape: 'characters', length: '12' }, 'create.refused.sets'],
    [{ shape: 'words', words: '2' }, 'create.refused.words'],
    [{ shape: 'words', words: '21' }, 'create.refused.words'],
    [{ shape: 'words', words: 'six' }, 'create.refused.words'],
  ])('is refused for %j, and what was typed comes back', (fields, key) => {
    const { refusal, typed } = generate(fields);
    expect(refusal?.key).toBe(key);
    const { shape, length = '12', words = '6' } = fields;
    expect(typed.generator).toMatchObject({ shape, length, words });
  });

  it('does not refuse a message for the settings of a password', () => {
    const { command, refusal } = read({ secret: 'hello', shape: 'words', words: 'x' });
    expect([command.value, refusal]).toEqual(['hello', null]);
  });
});
