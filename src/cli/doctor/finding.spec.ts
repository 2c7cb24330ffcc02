import { bad, good, runChecks, type Check } from './finding.js';
import { linesText } from './lines-text.js';

const check = (name: string, run: Check['run'], deadlineMs = 30_000): Check => ({
  name,
  region: null,
  run,
  ifItFails: `look at ${name}`,
  deadlineMs,
});

describe(runChecks, () => {
  it('gives a line for a check that fails or never ends, and those of the others', async () => {
    let aborted = false;
    const lines = await runChecks([
      check(
        'late',
        (signal) => {
          signal.addEventListener('abort', () => (aborted = true));
          return new Promise(() => {});
        },
        20,
      ),
      check('failing', () => Promise.reject(new Error('no route'))),
      check('whole', () => Promise.resolve([good('works'), bad('is full', 'make space')])),
    ]);
    expect(
      lines.map(({ check: name, verdict, found, action }) => [name, verdict, found, action]),
    ).toEqual([
      ['late', 'bad', 'no result within 0.02 s', 'look at late'],
      ['failing', 'bad', 'failed: no route', 'look at failing'],
      ['whole', 'good', 'works', null],
      ['whole', 'bad', 'is full', 'make space'],
    ]);
    expect(aborted).toBe(true);
  });
});

describe(linesText, () => {
  it('has what to do below each line that is not good, and the counts at the end', () => {
    const line = { region: null, check: 'disk' };
    expect(
      linesText([
        { ...line, ...good('a lot free') },
        { ...line, ...bad('full', 'make space') },
      ]),
    ).toBe(
      [
        'good  disk  a lot free',
        'bad   disk  full',
        '            -> make space',
        '1 good, 0 to note, 1 bad',
      ].join('\n'),
    );
  });
});
