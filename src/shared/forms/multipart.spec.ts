import { readMultipart } from './multipart.js';

const TYPE = 'multipart/form-data; boundary=xYz';

function part(name: string, value: string, headers = ''): string {
  return `--xYz\r\nContent-Disposition: form-data; name="${name}"\r\n${headers}\r\n${value}\r\n`;
}

const MEBIBYTE = 1024 * 1024;
/** In microseconds. A mebibyte takes some 30,000; if each step looked at the rest again, minutes. */
const CPU_MAX = 2_000_000;

/** The CPU time of the quickest of three readings, in microseconds. */
function cpuOf(text: string): number {
  const body = Buffer.from(text);
  const times = [1, 2, 3].map(() => {
    const before = process.cpuUsage();
    try {
      for (const type of BOTH) readMultipart(body, type);
    } catch {
      // Only the time counts here.
    }
    return process.cpuUsage(before).user;
  });
  return Math.min(...times);
}

const SECRET = part('secret', 's3\r\n');
const END = '--xYz--\r\n';
const FIELDS = [['secret', 's3\r\n']];

function read(body: string | Buffer, contentType?: string) {
  return readMultipart(typeof body === 'string' ? Buffer.from(body) : body, contentType);
}

/** With the boundary declared, and found by the bytes alone. */
const BOTH = [TYPE, undefined] as const;

describe('RFC 2046 section 5.1.1, the body', () => {
  it.each([
    ['the usual form', SECRET + END],
    ['no newline at the end', SECRET + '--xYz--'],
    ['a blank line in front', `\r\n${SECRET}${END}`],
    ['blank lines of both kinds in front', `\n \r\n\t\n${SECRET}${END}`],
    ['a byte order mark in front', `\uFEFF${SECRET}${END}`],
    ['an epilogue', `${SECRET}${END}This is the epilogue.\r\n--xYz\r\nno part`],
    ['transport padding', SECRET.replace('--xYz', '--xYz \t ') + '--xYz-- \t \r\n'],
    ['an empty part between', `--xYz\r\n${SECRET}${END}`],
  ])('reads %s', (_name, body) => {
    for (const type of BOTH) expect(read(body, type)).toEqual(FIELDS);
  });

  it.each([
    ['a preamble', `This is a multi-part message in MIME format.\r\n--xYz-no\r\n${SECRET}${END}`],
    ['a preamble with a form of its own', `--a\r\nContent-Disposition: x\r\n\r\n${SECRET}${END}`],
  ])('reads %s before a declared boundary', (_name, body) => {
    expect(read(body, TYPE)).toEqual(FIELDS);
  });

  it.each([
    ['LF only', (body: string) => body.replaceAll('\r\n', '\n'), [['secret', 's3\n']]],
    [
      'LF in the frame, CRLF in the value',
      (body: string) => body.replaceAll('\r\n', '\n').replace('s3\n', 's3\r\n'),
      FIELDS,
    ],
    [
      'LF before the last delimiter alone',
      (body: string) => body.replace('\r\n--xYz--', '\n--xYz--'),
      FIELDS,
    ],
  ])('reads line ends of %s', (_name, change, fields) => {
    for (const type of BOTH) expect(read(change(SECRET + END), type)).toEqual(fields);
  });

  it.each(["'()+_,-./:=?", 'a b', '-----------------------------1234567890', 'x'.repeat(70)])(
    'reads the boundary %j, quoted and found',
    (boundary) => {
      const body = (SECRET + END).replaceAll('--xYz', () => `--${boundary}`);
      for (const type of [`Multipart/Form-Data; charset=x; Boundary="${boundary}"`, undefined])
        expect(read(body, type)).toEqual(FIELDS);
    },
  );

  it('falls back to the bytes when the declared boundary is another', () => {
    for (const type of ['multipart/form-data; boundary=other', 'multipart/form-data', 'text/plain'])
      expect(read(SECRET + END, type)).toEqual(FIELDS);
  });

  it.each(['--xYz--', `--xYz--\r\n`, `\r\n--xYz--\r\n`])('reads the empty form %j', (body) => {
    for (const type of BOTH) expect(read(body, type)).toEqual([]);
  });

  it.each([
    'secret=s3&ttl=300',
    'secret=a\r\n--x\r\nContent-Disposition: form-data; name="ttl"\r\n\r\n1\r\n--x--',
    '{"secret":"--xYz"}',
    '--xYz',
    '--xYz\r\nnothing',
    '\r\n\r\n',
  ])('leaves %j to the other formats', (body) => {
    expect(read(body, 'application/x-www-form-urlencoded')).toBeNull();
  });

  it.each([
    ['no closing line', SECRET],
    ['an end in the headers', '--xYz\r\nContent-Disposition: form-data; name="a"'],
    ['a closing line that goes on', `${SECRET}--xYz--more`],
    ['the opening line alone', '--xYz\r\n'],
  ])('refuses %s', (_name, body) => {
    expect(() => read(body, TYPE)).toThrow(expect.objectContaining({ code: 'invalid_request' }));
  });

  it('takes no longer for a body that nearly matches everywhere', () => {
    const bodies = ['\r\n', ' ', '--xYz ', '\n--', 'Content-Disposition: form-data; name="'];
    const before = process.cpuUsage();
    for (const text of bodies) {
      const body = text.repeat((1024 * 1024) / text.length);
      for (const type of BOTH) {
        try {
          read(`--xYz\r\n${body}`, type);
          read(body, type);
        } catch {
          // Only the time counts here.
        }
      }
    }
    expect(process.cpuUsage(before).user).toBeLessThan(5_000_000);
  });

  it.each([
    ['blanks behind a boundary', `--x${' '.repeat(MEBIBYTE)}x`],
    ['blanks of both kinds', `--x${' \t'.repeat(MEBIBYTE / 2)}\rx`],
    ['blank lines in front', '\r\n'.repeat(MEBIBYTE / 2)],
    ['one header of separators', `--xYz\r\nContent-Disposition: x${';'.repeat(MEBIBYTE)}\r\n\r\n`],
    ['one part of headers', `--xYz\r\n${'x: y\r\n'.repeat(MEBIBYTE / 6)}\r\n`],
    ['parts of headers', `--xYz\r\n${'x:\r\n'.repeat(250)}\r\n\r\n`.repeat(900)],
  ])('looks at no byte of %s again and again', (_what, text) => {
    expect(cpuOf(`${text}\r\n--xYz--`)).toBeLessThan(CPU_MAX);
  });

  it.each([
    ['long', `X: ${'y'.repeat(16 * 1024)}\r\n`],
    ['many', 'X: y\r\n'.repeat(32)],
  ])('refuses headers that are too %s', (_what, headers) => {
    expect(() => read(part('secret', 's3', headers) + END, TYPE)).toThrow(/too long/);
  });
});

describe('RFC 2046 and RFC 7578 section 4, a part', () => {
  const withHeaders = (headers: string) => `--xYz\r\n${headers}\r\n\r\nv\r\n${END}`;

  it.each([
    ['any letter case', 'CONTENT-DISPOSITION: Form-Data; NAME="secret"'],
    ['no space', 'Content-Disposition:form-data;name="secret"'],
    ['more space', 'Content-Disposition: \t form-data  ;  name = "secret" ; '],
    ['a token', 'Content-Disposition: form-data; name=secret; filename=a.txt'],
    ['a folded line', 'Content-Disposition: form-data;\r\n name="secret"'],
    ['a file name after it', 'Content-Disposition: form-data; name="secret"; filename="a.txt"'],
    [
      'a file name before it that looks like a name',
      'Content-Disposition: form-data; filename="a; name=\\"ttl\\"; b"; name="secret"',
    ],
    ['filename*', `Content-Disposition: form-data; filename*=UTF-8''name%3Dttl.txt; name="secret"`],
    [
      'other headers',
      'X: y\r\nContent-Type: text/plain\r\nContent-Disposition: form-data; name="secret"\r\nContent-Length: 1',
    ],
    [
      'an old transfer encoding',
      'Content-Disposition: form-data; name="secret"\r\nContent-Transfer-Encoding: 8bit',
    ],
  ])('reads a name with %s', (_what, headers) => {
    expect(read(withHeaders(headers), TYPE)).toEqual([['secret', 'v']]);
  });

  it.each([
    ['a%22b', 'a"b'],
    ['a\\"b', 'a"b'],
    ['a%0D%0Ab', 'a\r\nb'],
    ['a%20b', 'a%20b'],
    ['näme', 'näme'],
    ['recipient[]', 'recipient[]'],
    ['', ''],
  ])('reads the name %j as %j', (written, name) => {
    expect(read(part(written, 'v') + END, TYPE)).toEqual([[name, 'v']]);
  });

  it.each([
    ['no value', '--xYz\r\nContent-Disposition: form-data; name="secret"\r\n--xYz--'],
    [
      'no value but a blank line',
      '--xYz\r\nContent-Disposition: form-data; name="secret"\r\n\r\n--xYz--',
    ],
    ['an empty value', part('secret', '') + END],
  ])('reads %s as empty', (_what, body) => {
    for (const type of BOTH) expect(read(body, type)).toEqual([['secret', '']]);
  });

  it('keeps every part of one name, in order, and every byte of a value', () => {
    const body = part('a', '\r\n 1\r\n\r\n') + part('b', '') + part('a', '--xYzzy\r\n-- ') + END;
    const fields = [
      ['a', '\r\n 1\r\n\r\n'],
      ['b', ''],
      ['a', '--xYzzy\r\n-- '],
    ];
    for (const type of BOTH) expect(read(body, type)).toEqual(fields);
  });

  it.each([
    ['UTF-8 by default', Buffer.from('ü'), ''],
    ['UTF-8 declared', Buffer.from('ü'), 'Content-Type: text/plain; charset=UTF-8\r\n'],
    ['Latin-1', Buffer.from('ü', 'latin1'), 'Content-Type: text/plain; charset="ISO-8859-1"\r\n'],
    ['UTF-16', Buffer.from('ü', 'utf16le'), 'Content-Type: text/plain;charset=utf-16le\r\n'],
  ])('decodes a value in %s', (_what, bytes, headers) => {
    const [before = '', after = ''] = (part('secret', '@', headers) + END).split('@');
    const body = Buffer.concat([Buffer.from(before), bytes, Buffer.from(after)]);
    expect(read(body, TYPE)).toEqual([['secret', 'ü']]);
  });

  it('decodes by the field _charset_ where a part declares nothing', () => {
    const own = part('b', '\u00fc', 'Content-Type: text/plain; charset=windows-1252\r\n');
    const text = part('_charset_', 'iso-8859-1') + part('a', '\u00fc') + own + END;
    const fields = [
      ['_charset_', 'iso-8859-1'],
      ['a', 'ü'],
      ['b', 'ü'],
    ];
    expect(read(Buffer.from(text, 'latin1'), TYPE)).toEqual(fields);
  });

  it.each([
    ['without headers', '--xYz\r\n\r\nvalue\r\n' + END],
    ['without a name', withHeaders('Content-Disposition: form-data')],
    ['with a name that does not end', withHeaders('Content-Disposition: form-data; name="secret')],
    ['that is an attachment', withHeaders('Content-Disposition: attachment; name="secret"')],
    ['in base64', part('secret', 'dg==', 'Content-Transfer-Encoding: base64\r\n') + END],
    [
      'that holds parts',
      part('secret', '--y--', 'Content-Type: multipart/mixed; boundary=y\r\n') + END,
    ],
    [
      'in an unknown charset',
      part('secret', 'v', 'Content-Type: text/plain; charset=nope\r\n') + END,
    ],
    ['that is not UTF-8', Buffer.from(part('secret', '\u00fc') + END, 'latin1')],
    [
      'that is not in its charset',
      part('secret', 'v', 'Content-Type: text/plain; charset=utf-16\r\n') + END,
    ],
  ])('refuses one %s', (_what, body) => {
    expect(() => read(body, TYPE)).toThrow(expect.objectContaining({ code: 'invalid_request' }));
  });
});
