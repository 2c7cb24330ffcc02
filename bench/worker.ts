import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A child process, a peer or a load generator, that answers one question at a time. */
export class Worker<Question extends object, Reply extends object> {
  private constructor(private readonly child: ChildProcess) {}

  /**
   * @param file the compiled file, relative to this one: `./peers/static-server.js`
   * @param launcher words before the path of Node: taskset with its arguments
   */
  static start<Question extends object, Reply extends object>(
    file: string,
    launcher: readonly string[],
  ): Worker<Question, Reply> {
    const [program, ...words] = [...launcher, process.execPath];
    const child = fork(fileURLToPath(new URL(file, import.meta.url)), {
      execPath: program,
      execArgv: words,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      serialization: 'advanced',
    });
    return new Worker(child);
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error('the process was never started');
    return this.child.pid;
  }

  /** Rejects when the process ends instead of answering. */
  async ask(question: Question): Promise<Reply> {
    const ended = new AbortController();
    const reply = once(this.child, 'message', { signal: ended.signal }) as Promise<[Reply]>;
    const onExit = (): void => ended.abort(new Error('a worker process exited before it answered'));
    this.child.once('exit', onExit);
    try {
      this.child.send(question);
      return (await reply)[0];
    } finally {
      this.child.off('exit', onExit);
    }
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill();
    await ended;
  }
}

/** For the child process: answers the questions of the parent process. Any failure ends the process. */
export function answerQuestions<Question extends object, Reply extends object>(
  answer: (question: Question) => Promise<Reply>,
): void {
  process.on('message', (question: Question) => {
    void answer(question).then(
      (reply) => process.send?.(reply),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
  // The parent process has ended.
  process.on('disconnect', () => process.exit(0));
}
