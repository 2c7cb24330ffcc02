// Loaded before `onetimesecret-api`, which runs as it was published, on a Node and a network that it does not know.
import { createRequire, syncBuiltinESMExports } from 'node:module';
import type { LookupAddress, LookupOptions } from 'node:dns';

type LookupCallback = (
  error: NodeJS.ErrnoException | null,
  address: string | LookupAddress[],
  family?: number,
) => void;

const require = createRequire(import.meta.url);

// Node took it out in version 23.
const util = require('node:util') as Record<string, unknown>;
util['isUndefined'] ??= (value: unknown): boolean => value === undefined;

// The system's resolver knows no `*.localhost`.
const dns = require('node:dns') as { lookup: (...parameters: never[]) => void };
const lookup = dns.lookup as (...parameters: unknown[]) => void;
dns.lookup = (hostname: string, options: LookupOptions, callback: LookupCallback) => {
  if (!hostname.endsWith('.localhost')) return lookup(hostname, options, callback);
  if (options.all === true) return callback(null, [{ address: '127.0.0.1', family: 4 }]);
  return callback(null, '127.0.0.1', 4);
};
syncBuiltinESMExports();
