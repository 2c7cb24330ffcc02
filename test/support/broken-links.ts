/** What mail programs, chats, printers and people make of the path of a link, as a browser sends it. */
export const BROKEN_LINKS: readonly (readonly [
  what: string,
  pathOf: (key: string, name: string) => string,
])[] = [
  ...['.', ',', ';', ':', '!', '~', '*', '**', '_', '-', "'", '%22', '%60', '&', '='].map((mark) =>
    behind(`the mark ${mark}`, mark),
  ),
  ...[')', '),', ').', ']', '%5D', '%7D', '%3E', '%3E.', '&gt;', '&gt', '%26gt%3B', '%253E'].map(
    (mark) => behind(`the bracket ${mark}`, mark),
  ),
  ...['%E2%80%9D', '%E2%80%99s', '%E2%80%A6', '%C2%BB', '%E3%80%82'].map((mark) =>
    behind(`the typographic mark ${mark}`, mark),
  ),
  ...['/', '//', '/.', '%2F', '%5C', '/)'].map((slash) => behind(`the slash ${slash}`, slash)),
  ...['%20', '%2520', '+', '%C2%A0', '%09', '%0A', '%0D%0A', '%0D%0A--%0D%0AAnna'].map((blank) =>
    behind(`the blank ${blank}`, blank),
  ),
  ...['=20', '%3D20', '=3D', '%3D', '=', '=0A', '=0D=0A', '=%0D%0A'].map((quoted) =>
    behind(`quoted-printable ${quoted}`, quoted),
  ),
  ...['%E2%80%8B', '%EF%BB%BF', '%E2%81%A0', '%C2%AD', '%00', '%E2%80%AC'].map((invisible) =>
    behind(`the invisible character ${invisible}`, invisible),
  ),
  ...[
    '&fbclid=IwAR0x',
    '%3Futm_source%3Dmail',
    '%20Bitte%20heute',
    '%0ASent%20from%20my%20phone',
  ].map((more) => behind(`more text: ${more}`, more)),
  ...['%0A', '%0D%0A', '%20', '%0A%20%20', '+', '%0A%3E%20', '%0D%0A%3E%3E%20', '=%0A'].map((cut) =>
    inside(`wrapped by ${cut}`, cut),
  ),
  ...['=%0D%0A', '%3D%0D%0A', '=%20%0A', '=', '=20', '%3D20', '%2520'].map((cut) =>
    inside(`quoted-printable ${cut}`, cut),
  ),
  ...['%E2%80%8B', '%C2%AD', '%E2%81%A0', '%EF%BB%BF', '&shy;', '&#8203;', '%3Cwbr%3E', '-'].map(
    (cut) => inside(`the break ${cut}`, cut),
  ),
  ['angle brackets', (key, name) => `/${name}/%3C${key}%3E`],
  ['entities', (key, name) => `/${name}/&lt;${key}&gt;`],
  ['the whole link again', (key, name) => `/${name}/https://x.example/${name}/${key}`],
  ['an element', (key, name) => `/${name}/${key}%22%3E${key}%3C/a%3E`],
  ['upper case', (key, name) => `/${name}/${key}`.toUpperCase()],
  ['a capital letter', (key, name) => `/${name[0]?.toUpperCase()}${name.slice(1)}/${key}`],
  ['escaped letters', (key, name) => `/${escaped(name)}/${escaped(key)}`],
  ['letters escaped twice', (key, name) => `/${name}/${escaped(key).replaceAll('%', '%25')}`],
  ['quoted-printable letters', (key, name) => `/${name}/${escaped(key).replaceAll('%', '=')}`],
  ['an escaped slash', (key, name) => `/${name}%2F${key}`],
  ['a slash, escaped twice', (key, name) => `/${name}%252F${key}`],
  ['a quoted-printable slash', (key, name) => `/${name}=2F${key}`],
  ['a backslash', (key, name) => `/${name}%5C${key}`],
  ['no slash but a line break', (key, name) => `/${name}%0A${key}`],
  ['a soft line break before the slash', (key, name) => `/${name}=%0D%0A/${key}`],
  ['a soft line break behind the slash', (key, name) => `/${name}/=%0D%0A${key}`],
  ['a line break in its name', (key, name) => `/${name.slice(0, 3)}%0A${name.slice(3)}/${key}`],
  ['a soft one in its name', (key, name) => `/${name.slice(0, 3)}=%0D%0A${name.slice(3)}/${key}`],
  ['an invisible one in its name', (key, name) => `/${name[0]}%E2%80%8B${name.slice(1)}/${key}`],
  ['blanks around its name', (key, name) => `/%20${name}%20/%20${key}`],
  ['an invisible character before its name', (key, name) => `/%E2%80%8B${name}/${key}`],
  ['doubled slashes', (key, name) => `//${name}//${key}`],
  ['a bracket before its name', (key, name) => `/%3C${name}/${key}`],
];

function behind(what: string, mark: string) {
  return [`${what} behind it`, (key: string, name: string) => `/${name}/${key}${mark}`] as const;
}

function inside(what: string, cut: string) {
  const path = (key: string, name: string): string =>
    `/${name}/${key.slice(0, 12)}${cut}${key.slice(12)}`;
  return [`${what} inside its key`, path] as const;
}

function escaped(text: string): string {
  return Array.from(text, (letter) => `%${letter.charCodeAt(0).toString(16)}`).join('');
}
