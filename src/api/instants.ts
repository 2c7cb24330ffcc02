/** An instant as the typed APIs write it: ISO 8601 in UTC. */
export function isoOrNull(instant: Date | null): string | null {
  return instant?.toISOString() ?? null;
}

/** An instant as upstream's fields have it: whole seconds since 1970. */
export function unixSeconds(instant: Date): number {
  return Math.floor(instant.getTime() / 1000);
}

/** The same with the milliseconds as a fraction. */
export function exactSeconds(instant: Date): number {
  return instant.getTime() / 1000;
}
