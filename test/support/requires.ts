/**
 * Declares tests that need something of this machine. `reason` says why it has not got it: then the tests are skipped with
 * that reason in their name, and in CI they fail with it.
 */
export function describeUnless(reason: string | null, name: string, tests: () => void): void {
  if (reason === null) return describe(name, tests);
  if (isCi()) return describe(name, () => failing(reason));
  describe.skip(`${name} (SKIPPED: ${reason})`, tests);
}

/** The same for one test. */
export function itUnless(
  reason: string | null,
  name: string,
  test: () => Promise<void>,
  timeoutMs?: number,
): void {
  if (reason === null) return it(name, test, timeoutMs);
  if (isCi()) return describe(name, () => failing(reason));
  it.skip(`${name} (SKIPPED: ${reason})`, test);
}

/** describeUnless() for what no package brings, such as leave to mount: without it the tests are skipped in CI too. */
export function describeWherePossible(
  reason: string | null,
  name: string,
  tests: () => void,
): void {
  if (reason === null) describe(name, tests);
  else describe.skip(`${name} (SKIPPED: ${reason})`, tests);
}

/** The same for one test. */
export function itWherePossible(
  reason: string | null,
  name: string,
  test: () => Promise<void>,
): void {
  if (reason === null) it(name, test);
  else it.skip(`${name} (SKIPPED: ${reason})`, test);
}

function failing(reason: string): void {
  it('can run in CI', () => {
    throw new Error(reason);
  });
}

function isCi(): boolean {
  return process.env['CI'] === 'true';
}
