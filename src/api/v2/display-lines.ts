const LINE_LENGTH = 80;
const MARGIN = 3;
const LINES_MAX = 30;

/** How many lines a page should give the value: upstream's clients make their text box as high. */
export function displayLines(value: string): number {
  const wrapped = Math.floor((LINE_LENGTH + Array.from(value).length) / LINE_LENGTH);
  return Math.min(wrapped + value.split('\n').length - 1 + MARGIN, LINES_MAX);
}
