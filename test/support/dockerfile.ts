/** One instruction of a Dockerfile: `RUN`, and what follows it on its line and on those that continue it. */
export interface Instruction {
  readonly name: string;
  readonly value: string;
}

/** The instructions of a Dockerfile's stages, in order; each stage begins with its `FROM`. Comments are left out. */
export function parseDockerfile(text: string): Instruction[][] {
  const lines = text
    .split('\n')
    .filter((line) => !/^\s*(?:#|$)/.test(line))
    .join('\n')
    .replaceAll(/\\\n/g, ' ')
    .split('\n');
  const stages: Instruction[][] = [];
  for (const line of lines) {
    const [, name = '', value = ''] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
    if (name === 'FROM') stages.push([]);
    stages.at(-1)?.push({ name, value: value.trim() });
  }
  return stages;
}

/** `A=1 B="two words" PATH=/x:$PATH`, with variables of `known` put in. */
export function parseVariables(
  text: string,
  known: Readonly<Record<string, string>>,
): Record<string, string> {
  const pairs = [...text.matchAll(/(\w+)=(?:"([^"]*)"|(\S*))/g)];
  return Object.fromEntries(
    pairs.map(([, name = '', quoted, plain]) => [
      name,
      (quoted ?? plain ?? '').replaceAll(/\$(\w+)/g, (_, other: string) => known[other] ?? ''),
    ]),
  );
}
