/** The fields that have a message, with the message. */
export function fieldErrorsIn(html: string): Record<string, string> {
  const found = html.matchAll(/<p class="field-error" id="([^"]+)-error">([^<]+)</g);
  return Object.fromEntries([...found].map(([, id, text]) => [id, text]));
}
