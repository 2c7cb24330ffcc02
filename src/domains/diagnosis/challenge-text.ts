const AROUND = '[\\s"\'\\\\\u2018\u2019\u201c\u201d\u201e\u00ab\u00bb\u200b\u2060\ufeff]+';
const EDGES = new RegExp(`^${AROUND}|${AROUND}$`, 'g');

/** Without the quotation marks, blanks and invisible characters around it that panels and editors add. */
export function withoutQuotes(text: string): string {
  return text.replace(EDGES, '');
}

/** Whether the text is the value of the challenge, in whichever letter case and quotation marks. */
export function matchesChallenge(text: string, challengeValue: string): boolean {
  return withoutQuotes(text).toLowerCase() === challengeValue;
}

/** Whether the value stands within other text: `https://VALUE`, `name=VALUE`. */
export function containsChallenge(text: string, challengeValue: string): boolean {
  return text.toLowerCase().includes(challengeValue);
}
