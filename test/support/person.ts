import type { Answer, Call } from './https-client.js';

/** What a person's press adds to the form of a page that posts to `action`. */
export function confirmedIn(html: string, action: string): Record<string, string> {
  const [, form = ''] = html.split(`action="${action}"`);
  const [, press] = /name="press" value="([^"]+)"/.exec(form) ?? [];
  return press === undefined ? {} : { press, confirm: 'on' };
}

/** Loads `page`, and presses the button of its form that posts to `action`, as a browser does it for a person. */
export async function pressAsPerson(
  send: (call: Call) => Promise<Answer>,
  { page, action = page, fields = {}, ...rest }: PersonsPress,
): Promise<Answer> {
  const { text } = await send({ ...rest, path: page });
  return send({
    ...rest,
    path: action,
    headers: { 'sec-fetch-site': 'same-origin', ...rest.headers },
    body: { ...confirmedIn(text, action), ...fields },
  });
}

interface PersonsPress extends Omit<Call, 'path' | 'body' | 'method'> {
  readonly page: string;
  /** Default: the page itself. */
  readonly action?: string;
  readonly fields?: Readonly<Record<string, string>>;
}
