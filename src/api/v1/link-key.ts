const FOREIGN = /[^A-Za-z0-9_-]/g;
const ECHO_LENGTH_MAX = 100;

/** The key of a path as it is looked up and echoed: what keys never contain is dropped, and it has an end. */
export function readLinkKey(param: string): string {
  return param.replace(FOREIGN, '').slice(0, ECHO_LENGTH_MAX);
}
