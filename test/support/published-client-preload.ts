// Loaded before `onetimesecret-api`, which runs unmodified: restores what it needs of an older Node and of DNS.
import { createRequire, syncBuiltinESMExports } from 'node:module';
import type { LookupAddress, LookupOptions } from 'node:dns';

type LookupCallback = (
  error: NodeJS.ErrnoException | null,
  address: string | LookupAddress[],
  family?: number,
) => void;

const require = createRequire(import.meta.url);

// Removed in Node 23.
const util = require('node:util') as Record<string, unknown>;
util['isUndefined'] ??= (value: unknown): boolean => value === undefined;

// The system's resolver may not resolve `*.localhost`.
const dns = require('node:dns') as { lookup: (...parameters: never[]) => void };
const lookup = dns.lookup as (...parameters: unknown[]) => void;
dns.lookup = (hostname: string, options: LookupOptions, callback: LookupCallback) => {
  if (!hostname.endsWith('.localhost')) return lookup(hostname, options, callback);
  if (options.all === true) return callback(null, [{ address: '127.0.0.1', family: 4 }]);
  return callback(null, '127.0.0.1', 4);
};
syncBuiltinESMExports();
