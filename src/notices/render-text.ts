import type { MailBody } from './mail-body.js';

const WIDTH = 72;

/** For readers without HTML: short lines, a URL never broken. */
export function renderText({ heading, paragraphs, action, remarks, ...rest }: MailBody): string {
  const blocks = [
    heading,
    ...paragraphs,
    ...(action === null ? [] : [`${action.label}:\n${action.url}`]),
    ...remarks,
  ].map(wrapped);
  const { footer, unsubscribe } = rest;
  const lines = [
    footer,
    ...(unsubscribe === null ? [] : [`${unsubscribe.label}:`, unsubscribe.url]),
  ];
  return `${[...blocks, `-- \n${wrapped(lines.join('\n'))}`].join('\n\n')}\n`;
}

function wrapped(block: string): string {
  return block.split('\n').map(wrappedLine).join('\n');
}

function wrappedLine(line: string): string {
  const lines: string[] = [];
  for (const word of line.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= WIDTH)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.join('\n');
}
