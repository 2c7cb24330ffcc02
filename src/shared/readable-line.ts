import { inspect, styleText } from 'node:util';

type Fields = Readonly<Record<string, unknown>>;

const COLOURS = { warn: 'yellow', error: 'red', fatal: 'red' } as const;
const LEVEL_WIDTH = 5;
/** Where the time of day stands in an ISO instant. */
const TIME_OF_DAY = [11, 23] as const;

/** A line of JSON, rewritten for a person: time, level, region, logger, message, the other fields, and below it the error. */
export function readableLine(line: string): string {
  const { time, level, region, context, msg, err, ...fields } = JSON.parse(line) as Fields;
  const words = [
    dim(String(time).slice(...TIME_OF_DAY)),
    levelWord(String(level)),
    ...[region, context].filter((word) => word !== undefined).map(String),
    printable(String(msg)),
    ...Object.entries(fields).map(([name, value]) => dim(`${name}=${textOf(value)}`)),
  ];
  return `${words.join(' ')}\n${err === undefined ? '' : errorText(err as Fields, '  ')}`;
}

function levelWord(level: string): string {
  const word = level.toUpperCase().padEnd(LEVEL_WIDTH);
  const colour = COLOURS[level as keyof typeof COLOURS];
  return colour === undefined ? word : styleText(colour, word);
}

/** Nothing that is logged can move the cursor: control characters are escaped. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) => inspect(character).slice(1, -1));
}

function textOf(value: unknown): string {
  if (typeof value === 'string' && /^[\x21-\x7e]+$/.test(value)) return value;
  return inspect(value, { breakLength: Infinity, depth: 5 });
}

function errorText({ name, message, code, frames, cause }: Fields, indent: string): string {
  const title = [name, code, message].filter((word) => typeof word === 'string').join(': ');
  const lines = [title, ...(Array.isArray(frames) ? frames.map((frame) => `  ${frame}`) : [])].map(
    printable,
  );
  const own = lines.map((line) => `${indent}${line}\n`).join('');
  return cause === undefined ? own : `${own}${errorText(cause as Fields, `${indent}  `)}`;
}

function dim(text: string): string {
  return styleText('dim', text);
}
