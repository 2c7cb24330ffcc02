import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A process of the benchmark's own, a peer or a load generator, that is asked one thing after the other. */
export class Worker<Question extends object, Reply extends object> {
  private constructor(private readonly child: ChildProcess) {}

  /**
   * @param file beside this one, compiled: `./peers/static-server.js`
   * @param launcher in front of Node: taskset with its arguments
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
    const onExit = (): void => ended.abort(new Error('a process of the benchmark ended early'));
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

/** The other side: answers each question that this process is asked. Any failure ends the process. */
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
  // Nobody asks any more.
  process.on('disconnect', () => process.exit(0));
}
