const TICKET = /^[0-9a-z]{31}$/;

/** The page of a new link. @param ticket of a generated value, as it came in a query */
export function createdPath(key: string, ticket: unknown = null): string {
  const path = `/receipt/${key}/created`;
  return typeof ticket === 'string' && TICKET.test(ticket) ? `${path}?value=${ticket}` : path;
}
