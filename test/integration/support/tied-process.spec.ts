import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { spawnTied } from '../../support/tied-process.js';
import { until } from '../../support/until.js';

describe(spawnTied, () => {
  it('ends the child when its parent is killed', async () => {
    const program = `import('./test/support/tied-process.ts').then(({ spawnTied }) =>
      console.log(spawnTied('sleep', ['1000'], { stdio: 'ignore' }).pid))`;
    const parent = spawn(process.execPath, ['--eval', program], { stdio: ['ignore', 'pipe', 2] });
    const [line] = (await once(parent.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
    const child = Number(line.toString());
    // setpriv has become the program.
    await until('the child runs', () => commandOf(child) === 'sleep');
    parent.kill('SIGKILL');
    await until('the child has ended', () => commandOf(child) === null);
  });
});

describe('the environment of the tests', () => {
  it("ends jest's worker when jest is killed", async () => {
    // A worker that has work left.
    const work = `data:text/javascript,setInterval(() => {}, 1000); setTimeout(() => process.send('at work'), 0)`;
    const program = `const execArgv = ['--import', ${JSON.stringify(work)}];
      const { fork } = require('node:child_process');
      const worker = fork('./test/support/tied-environment.js', { execArgv });
      worker.once('message', () => console.log(worker.pid));`;
    const parent = spawn(process.execPath, ['--eval', program], {
      stdio: ['ignore', 'pipe', 2],
    });
    const [line] = (await once(parent.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
    const worker = Number(line.toString());
    parent.kill('SIGKILL');
    await until('the worker has ended', () => commandOf(worker) === null);
  });
});

function commandOf(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return null;
  }
}
