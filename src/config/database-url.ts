import { accessSync, constants } from 'node:fs';
import { z } from 'zod';

const TLS_FILES = ['sslrootcert', 'sslcert', 'sslkey'];
const TLS_PARAMETERS = [...TLS_FILES, 'ssl', 'sslmode', 'sslnegotiation'];
const TLS_MODES = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify'];

const EXPECTED =
  'expected a postgres:// URL, with special characters in user and password percent-encoded';

/** What the driver would fail with at each connection, or not see: a misspelled `sslmode` means no TLS. */
export const databaseUrl = z
  .url({ protocol: /^postgres(ql)?$/, error: EXPECTED })
  .superRefine((text, context) => {
    // It runs after what url() refuses too, and the error of URL has the value.
    if (!URL.canParse(text)) return;
    const fault = faultOf(new URL(text));
    if (fault !== null) context.addIssue(fault);
  });

// The value has a password: no message may quote it.
function faultOf({ username, password, pathname, searchParams }: URL): string | null {
  if (![username, password, pathname].every(isDecodable))
    return 'expected user, password and database with special characters percent-encoded';
  for (const [name, value] of searchParams) {
    if (!name.toLowerCase().startsWith('ssl')) continue;
    if (!TLS_PARAMETERS.includes(name))
      return `${name}: expected one of ${TLS_PARAMETERS.join(', ')}`;
    if (name === 'sslmode' && !TLS_MODES.includes(value))
      return `sslmode: expected one of ${TLS_MODES.join(', ')}`;
    if (TLS_FILES.includes(name) && !isReadable(value)) return `${name}: ${value} cannot be read`;
  }
  return null;
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

export function isDecodable(value: string): boolean {
  try {
    decodeURIComponent(value);
    return true;
  } catch {
    return false;
  }
}
