import { readImage } from './image-body.js';

// Bytes that are no text.
const IMAGE = Buffer.concat([
  Buffer.from([0x89, 0x50, 0xff, 0x00, 0x0d, 0x0a, 0x00]),
  Buffer.from('--xY no'),
]);

function form(disposition: string, content: Buffer = IMAGE): Buffer {
  return Buffer.concat([
    Buffer.from(
      `--xYz\r\nContent-Disposition: form-data; ${disposition}\r\nContent-Type: image/png\r\n\r\n`,
    ),
    content,
    Buffer.from('\r\n--xYz--\r\n'),
  ]);
}

const TYPE = 'multipart/form-data; boundary=xYz';

describe(readImage.name, () => {
  it.each(['image/png', 'application/octet-stream', undefined, 'nonsense'])(
    'takes the body itself: %s',
    async (type) => expect(await readImage(IMAGE, type)).toEqual(IMAGE),
  );

  it('takes the file of a form, byte by byte', async () => {
    const body = form('name="image"; filename="logo.png"');
    expect(await readImage(body, TYPE)).toEqual(IMAGE);
  });

  it('takes no body as no bytes', async () => {
    expect(await readImage(undefined, undefined)).toHaveLength(0);
  });

  it.each([
    ['another field', form('name="picture"; filename="logo.png"'), TYPE],
    ['a text in place of the file', form('name="image"', Buffer.from('text')), TYPE],
    ['another boundary', form('name="image"; filename="l"'), 'multipart/form-data; boundary=other'],
    ['no boundary', form('name="image"; filename="l"'), 'multipart/form-data'],
    ['no end', form('name="image"; filename="l"').subarray(0, -12), TYPE],
    ['no body', undefined, TYPE],
  ])('refuses a form with %s', async (_name, body, type) => {
    await expect(readImage(body, type)).rejects.toMatchObject({
      code: 'invalid_request',
      field: 'image',
    });
  });
});
