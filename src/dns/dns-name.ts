/** Lower case, no trailing dot. */
export function normalisedName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

/** Whether `name` is `ancestor` or a subdomain of it. Both are normalised names. */
export function isAtOrUnder(name: string, ancestor: string): boolean {
  return name === ancestor || name.endsWith(`.${ancestor}`);
}

/** `a.example.com`, `example.com`, `com`. */
export function nameAndAncestors(name: string): string[] {
  const labels = name.split('.');
  return labels.map((_, index) => labels.slice(index).join('.'));
}
