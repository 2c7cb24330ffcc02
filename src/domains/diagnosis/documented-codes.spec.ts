import { readFileSync } from 'node:fs';
import { ISSUE_CATALOGUE } from './issue-catalogue.js';
import type { IssueCode } from './issue-code.js';

const CODE = /^`[A-Z0-9_]+`$/;

/** The rows of docs/domains.md that begin with a code: code, severity, owner, when, what to do. */
const rows = readFileSync('docs/domains.md', 'utf8')
  .split('\n')
  .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()))
  .filter(([, code = '']) => CODE.test(code));

describe('docs/domains.md', () => {
  it('has the codes of the catalogue, each once, and no other', () => {
    const documented = rows.map(([, code = '']) => code.slice(1, -1));
    expect(documented.toSorted()).toEqual(Object.keys(ISSUE_CATALOGUE).toSorted());
  });

  it.each(Object.keys(ISSUE_CATALOGUE) as IssueCode[])(
    'says of %s what the catalogue says, and what to do',
    (code) => {
      const { severity, owner, title } = ISSUE_CATALOGUE[code];
      const row = rows.find((cells) => cells[1] === `\`${code}\``);
      expect(row?.slice(2, 5)).toEqual([severity, owner, title]);
      expect(row?.[5]).toMatch(/\S/);
    },
  );
});
