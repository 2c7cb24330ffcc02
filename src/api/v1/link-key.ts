const FOREIGN = /[^A-Za-z0-9_-]/g;
const ECHO_LENGTH_MAX = 100;

/** The key of a path as it is looked up and echoed: at most 100 characters, and none that keys never contain. */
export function readLinkKey(param: string): string {
  return param.replace(FOREIGN, '').slice(0, ECHO_LENGTH_MAX);
}
