const MAJOR_MIN = 24;
const MINOR_MIN = 11;

/** @throws an Error for the operator when `version` (such as `26.10.0`) is too old for this program */
export function requireNode(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > MAJOR_MIN || (major === MAJOR_MIN && minor >= MINOR_MIN)) return;
  throw new Error(
    `Node.js ${MAJOR_MIN}.${MINOR_MIN} or newer is needed, and this is ${version}. ` +
      'Start through npm (npm start, npm run gateway): npm ci has installed the right one.',
  );
}
