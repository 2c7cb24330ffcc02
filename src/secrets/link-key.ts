const FOREIGN = /[^A-Za-z0-9_-]/g;
const LENGTH_MAX = 100;

/**
 * The key in the path of a link, as it is looked up and shown: at most 100 characters, without those that no key has. A
 * pasted link may end in a full stop or a bracket.
 */
export function readLinkKey(param: string): string {
  return param.replace(FOREIGN, '').slice(0, LENGTH_MAX);
}
