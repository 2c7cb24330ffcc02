/** Pages of an account, which a sign-in leads to. Nothing else: a link to the sign-in page must not lead elsewhere. */
const PAGE = /^\/(?:account|domains)(?:\/[\w-]{1,64}){0,4}$/;
const QUERY = /^[\w.~%+-]{1,32}=[\w.~%+*-]{0,1000}$/;

/** In the address of the sign-in pages, and a field of their forms: the page that was asked for. */
export const DESTINATION = 'to';

const HOME = '/account';

/** The page in a field or a query, or the account's. A field that was typed may stand in its query. */
export function destinationOf(text: unknown): string {
  if (typeof text !== 'string') return HOME;
  const [path = '', query, ...more] = text.split('?');
  const isOurs = PAGE.test(path) && (query === undefined || QUERY.test(query)) && !more.length;
  return isOurs ? text : HOME;
}

/** The address of a sign-in page that leads to `destination` afterwards. */
export function leadingTo(path: string, destination: string): string {
  if (destination === HOME) return path;
  return `${path}?${new URLSearchParams({ [DESTINATION]: destination }).toString()}`;
}

/** The page where whoever is signed in shows it once more, and the way back. */
export function signInAgainPath(destination: string): string {
  return leadingTo('/sign-in/again', destinationOf(destination));
}
