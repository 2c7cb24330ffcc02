import { readForm, readFormField } from './read-form.js';

const TYPE = 'multipart/form-data; boundary=xYz';
// No UTF-8, with line ends and the boundary's beginning in it.
const FILE = Buffer.from([0x89, 0x50, 0xff, 0x0d, 0x0a, 0x2d, 0x2d, 0x78, 0x00]);

function form(...tokens: string[]): Buffer {
  const fields = tokens.map(
    (token) => `--xYz\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n${token}\r\n`,
  );
  return Buffer.concat([
    Buffer.from(
      '--xYz\r\nContent-Disposition: form-data; name="image"; filename="csrf"\r\nContent-Type: image/png\r\n\r\n',
    ),
    FILE,
    Buffer.from(`\r\n${fields.join('')}--xYz--\r\n`),
  ]);
}

describe(readFormField.name, () => {
  it('reads a field beside a file that is no text', () => {
    expect(() => readForm(form('token'), TYPE)).toThrow('not valid UTF-8');
    expect(readFormField(form('token'), TYPE, 'csrf')).toEqual(['token']);
  });

  it.each([
    ['none', form(), TYPE, []],
    ['each one of several', form('a', 'b'), TYPE, ['a', 'b']],
    ['those of an urlencoded form', Buffer.from('a=1&csrf=t&csrf=u'), undefined, ['t', 'u']],
    ['none of an empty body', Buffer.alloc(0), TYPE, []],
  ])('finds %s', (_name, body, type, values) =>
    expect(readFormField(body, type, 'csrf')).toEqual(values),
  );

  it('refuses what readForm() refuses: a form without its end, a value that is no UTF-8', () => {
    expect(() => readFormField(form('t').subarray(0, -6), TYPE, 'csrf')).toThrow('incomplete');
    expect(() => readFormField(form('t'), TYPE, 'image')).toThrow('not valid UTF-8');
  });
});
