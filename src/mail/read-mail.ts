/** What a person reads of a message that composeMail() has written. Not for messages of others. */
export interface ReadMail {
  /** By lower-case name, unfolded; encoded words (RFC 2047) are decoded. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly html: string;
}

export function readMail(raw: Buffer): ReadMail {
  const { headers, body } = split(raw.toString('utf8'));
  const [, boundary = ''] = /boundary="?([^";]+)"?/.exec(headers['content-type'] ?? '') ?? [];
  const parts =
    boundary === '' ? [] : body.split(`--${boundary}`).map((part) => split(part.trimStart()));
  const bodyOf = (type: string): string => {
    const part = parts.find((each) => each.headers['content-type']?.startsWith(type));
    if (part === undefined) return '';
    const text = decoded(part.body, part.headers['content-transfer-encoding']);
    return `${text.replaceAll('\r\n', '\n').trimEnd()}\n`;
  };
  return { headers, text: bodyOf('text/plain'), html: bodyOf('text/html') };
}

function split(message: string): { headers: Record<string, string>; body: string } {
  const end = message.indexOf('\r\n\r\n');
  const lines = message
    .slice(0, end)
    .replaceAll(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  const headers = lines.flatMap((line) => {
    const colon = line.indexOf(':');
    if (colon < 1) return [];
    return [[line.slice(0, colon).toLowerCase(), wordsIn(line.slice(colon + 1).trim())] as const];
  });
  return { headers: Object.fromEntries(headers), body: message.slice(end + 4) };
}

function wordsIn(value: string): string {
  return value
    .replaceAll(/(=\?[^?]+\?[BQ]\?[^?]*\?=) (?==\?)/gi, '$1')
    .replaceAll(/=\?utf-8\?([BQ])\?([^?]*)\?=/gi, (_, encoding: string, text: string) =>
      encoding.toUpperCase() === 'B'
        ? Buffer.from(text, 'base64').toString()
        : quoted(text.replaceAll('_', ' ')),
    );
}

function decoded(body: string, encoding = '7bit'): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString();
  if (encoding === 'quoted-printable') return quoted(body.replaceAll(/=\r\n/g, ''));
  return body;
}

function quoted(text: string): string {
  const bytes = text.replaceAll(/=([0-9A-F]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString();
}
