import { readFileSync } from 'node:fs';
import { ConfigError } from '../config/config-error.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** Set by deploy/gateway: the file in which an installation under systemd keeps the gateway's variables. */
const FILE_VARIABLE = 'ONETIME_GATEWAY_ENV_FILE';
/** What the unit sets beside that file. */
const OF_THE_UNIT = { GATEWAY_DATA_DIR: '/var/lib/onetime-gateway' };

/**
 * The environment of a command beside a gateway that systemd runs: the unit's own, the file's, and what the caller has
 * set, each before the one that it overrides. Without such an installation the caller's alone.
 * @throws ConfigError for a file that cannot be read: without it a command would work on something else
 */
export function installedEnvironment(caller: Environment): Environment {
  const path = caller[FILE_VARIABLE];
  if (path === undefined || path === '') return caller;
  let text;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return caller;
    const advice = code === 'EACCES' ? 'it cannot be read by this user: run this as root' : message;
    throw new ConfigError([{ variable: path, message: advice }]);
  }
  return { ...OF_THE_UNIT, ...variablesIn(text, path), ...caller };
}

/**
 * `NAME=value` lines as EnvironmentFile= of systemd reads them, where the two could not differ.
 * @throws ConfigError for any other line, without what it says
 */
function variablesIn(text: string, path: string): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const [index, line] of text.split('\n').entries()) {
    const content = line.trim();
    if (content === '' || /^[#;]/.test(content)) continue;
    const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)=\s*(.*)$/.exec(content) ?? [];
    const plain = value === undefined ? null : plainValue(value);
    if (name === undefined || plain === null) {
      const message =
        'expected NAME=value, with quotes only around the whole value and no backslash';
      throw new ConfigError([{ variable: `${path}, line ${index + 1}`, message }]);
    }
    variables[name] = plain;
  }
  return variables;
}

/** Null: not a plain or wholly quoted value. */
function plainValue(value: string): string | null {
  const [, , inner = value] = /^(["'])(.*)\1$/.exec(value) ?? [];
  return /["'\\]/.test(inner) ? null : inner;
}
