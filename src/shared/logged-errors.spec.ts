import { globSync, readFileSync } from 'node:fs';

/** The lines of this level that have no error: nothing was thrown. By their message, or the variable that has the fields. */
const WITHOUT_ERROR = new Set([
  'name server is not reached through the public DNS',
  // Their fields have the error of the event where there is one.
  'certificate event',
  'handshake refused',
  'request failed',
  'service unavailable',
  'log call without a message',
  // Nothing was thrown.
  'NOBODY_ELSE_SERVES',
  'connection refused',
  'connection ended, another needs its place',
  "this host's clock differs, set it by NTP",
  'no region serves yet',
  // Its field `reason` has the error without its frames.
  'region start waits, will retry',
  'the key for DNS providers is not in the DNS',
  'forced to exit before the stop was complete',
  'embedded PostgreSQL ended, starting it again',
  'the standby does not confirm commits, no secret is opened or deleted',
  'claims are to be confirmed by a standby, and the database has none: synchronous_standby_names is empty',
  // The process that ended has logged why, or was killed.
  'new worker ended before it served',
  'worker ended, will be restarted',
  'worker hangs, killed',
  'stream ended, too many are open',
  'worker gives no sign of life, killed',
  // Their fields have the error, or the status that a server answered.
  'mail not sent, will retry',
  'mail given up',
  'no mail is sent: GATEWAY_SMTP_URL is not set',
  'GATEWAY_SMTP_URL is not set: mails become files',
  'webhook given up',
  'webhook disabled, its owner is told',
  // By their names: UNKNOWN and GIVEN_UP of MoveJob.
  '{ hostname, peer: region }, UNKNOWN',
  '{ hostname, peer: region }, GIVEN_UP',
  'connections to the database lack settings that they asked for, give them to its role',
  'no CA is configured, so clients do not trust the certificates: set GATEWAY_ACME_DIRECTORY, unless a proxy in front ends TLS',
  'limits are off (GATEWAY_LIMITS=off): neither requests nor connections are limited',
]);

/** The arguments of each call that writes a warning or an error. */
function loggedIn(source: string): string[] {
  return [...source.matchAll(/logger\??(?:\.(?:warn|error|fatal)|\[\w+\])\(/gi)].map((call) => {
    const start = call.index + call[0].length;
    let end = start;
    for (let depth = 1; depth > 0 && end < source.length; end += 1) {
      if (source[end] === '(') depth += 1;
      if (source[end] === ')') depth -= 1;
    }
    return source.slice(start, end - 1);
  });
}

describe('every warning and error in the sources', () => {
  const files = globSync('src/**/*.{ts,tsx}').filter((file) => !/\.spec\.tsx?$/.test(file));
  const calls = files.flatMap((file) =>
    loggedIn(readFileSync(file, 'utf8')).map((fields) => ({ file, fields })),
  );

  it('has the error itself, or is one of those that follow from none', () => {
    const bare = calls.filter(
      ({ fields }) =>
        !/\berr\b/.test(fields) && ![...WITHOUT_ERROR].some((message) => fields.includes(message)),
    );
    expect(bare).toEqual([]);
    expect(calls.length).toBeGreaterThan(30);
  });
});
