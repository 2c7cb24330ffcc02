const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A UUID as the database writes it. Any other text in its place is an error of the database. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
