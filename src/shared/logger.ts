import { pino, symbols, type DestinationStream, type Logger } from 'pino';
import { SECOND } from './durations.js';
import { readableLine } from './readable-line.js';

export type { Logger } from 'pino';

/** From the most to the least lines. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

interface LoggerOptions {
  /** Default: standard output. */
  readonly destination?: DestinationStream;
  readonly level?: LogLevel;
  /** Lines for a person at a terminal, in place of JSON. */
  readonly isReadable?: boolean;
}

/** The loggable part of an error: where it was thrown, and no text that may quote a value. */
interface ErrorDescription {
  readonly name: string;
  readonly message?: string;
  readonly code?: string;
  readonly constraint?: string;
  readonly frames: readonly string[];
  readonly cause?: ErrorDescription;
}

const CAUSES_MAX = 3;
const FRAMES_MAX = 12;

/**
 * Writes lines of JSON. Callers pass fields and a message, and an error in the field `err`. The messages of parsers and
 * databases are left out: they quote the input or the row.
 */
export function createLogger({
  destination = process.stdout,
  level = 'info',
  isReadable = false,
}: LoggerOptions = {}): Logger {
  const options = {
    level,
    base: null,
    timestamp: isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: (error: unknown) => describeError(error) },
  };
  return pino(
    options,
    isReadable ? { write: (line) => destination.write(readableLine(line)) } : destination,
  );
}

/**
 * For lines that are written for every request: `fields` are JSON already, each as `,"name":value`. Level `info`, as by
 * `logger.info(fields, message)`, at a fifth of the cost.
 */
export function jsonLines(logger: Logger, message: string): (fields: string) => void {
  const { [symbols.chindingsSym]: bindings, [symbols.streamSym]: stream } =
    logger as unknown as Readonly<{
      [symbols.chindingsSym]: string;
      [symbols.streamSym]: DestinationStream;
    }>;
  const end = `,"msg":${JSON.stringify(message)}}\n`;
  return (fields) => {
    if (!logger.isLevelEnabled('info')) return;
    stream.write(`{"level":"info"${isoTime()}${bindings}${fields}${end}`);
  };
}

let secondOfText = 0;
let secondText = '';

/** The second is formatted once: formatting costs more than the rest of a line. */
function isoTime(): string {
  const now = Date.now();
  const second = Math.floor(now / SECOND);
  if (second !== secondOfText) {
    secondOfText = second;
    // `2026-11-27T10:05:00.`
    secondText = `,"time":"${new Date(second * SECOND).toISOString().slice(0, -'000Z'.length)}`;
  }
  return `${secondText}${String(now % SECOND).padStart(3, '0')}Z"`;
}

export function describeError(error: unknown, depth = 0): ErrorDescription {
  if (!(error instanceof Error)) return { name: typeof error, frames: [] };
  const { code, constraint, driverError } = error as Error & Record<string, unknown>;
  const quotesInput =
    error instanceof SyntaxError || driverError !== undefined || 'severity' in error;
  return {
    name: error.name,
    ...(quotesInput ? {} : { message: error.message }),
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof constraint === 'string' ? { constraint } : {}),
    frames: framesOf(error),
    ...(error.cause instanceof Error && depth < CAUSES_MAX
      ? { cause: describeError(error.cause, depth + 1) }
      : {}),
  };
}

/** The frames of the stack, without the message that it repeats. */
function framesOf({ stack = '', message }: Error): string[] {
  const messageAt = stack.indexOf(message);
  return stack
    .slice(messageAt === -1 ? 0 : messageAt + message.length)
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, FRAMES_MAX)
    .map((line) => line.trim());
}
