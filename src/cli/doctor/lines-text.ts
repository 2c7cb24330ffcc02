import type { Line } from './finding.js';

/** `good  eu  clock  …` for each line, what to do below it, and a last line with the counts. */
export function linesText(lines: readonly Line[]): string {
  const width = Math.max(...lines.map((line) => placeOf(line).length));
  const texts = lines.flatMap((line) => {
    const label = `${line.verdict.padEnd(4)}  ${placeOf(line).padEnd(width)}  `;
    const action = line.action === null ? [] : [`${' '.repeat(label.length)}-> ${line.action}`];
    return [label + line.found, ...action];
  });
  const count = (verdict: Line['verdict']): number =>
    lines.filter((line) => line.verdict === verdict).length;
  const summary = `${count('good')} good, ${count('note')} to note, ${count('bad')} bad`;
  return [...texts, summary].join('\n');
}

function placeOf({ region, check }: Line): string {
  return region === null ? check : `${region} ${check}`;
}
