import { accessSync, constants, mkdirSync } from 'node:fs';
import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ComposedMail, MailProblem, MailSender } from './mail-sender.js';

const FILES_MAX = 1000;

/**
 * Writes each mail as a file into a folder that only its owner reads, for development. `gateway dev mail` reads them.
 * The newest thousand are kept.
 */
export class FileSender extends MailSender {
  readonly isAvailable: boolean;

  constructor(private readonly folder: string) {
    super();
    this.isAvailable = canWriteInto(folder);
  }

  async send({ id, raw }: ComposedMail, begin: () => Promise<boolean>): Promise<void> {
    if (!(await begin())) throw new MailProblem('not_ours', false);
    const name = `${new Date().toISOString().replaceAll(':', '-')}-${id}.eml`;
    const draft = join(this.folder, `${name}.part`);
    try {
      await writeFile(draft, raw, { mode: 0o600, flag: 'wx' });
      await rename(draft, join(this.folder, name));
    } catch (error) {
      await rm(draft, { force: true }).catch(() => {});
      const { code } = error as NodeJS.ErrnoException;
      throw new MailProblem('folder', false, { code });
    }
    // The mail is there: what fails now must not make it a second one.
    await this.#removeOldest().catch(() => {});
  }

  /** The drafts of processes that were killed too. */
  async #removeOldest(): Promise<void> {
    const isMail = (name: string): boolean => /\.eml(?:\.part)?$/.test(name);
    const names = (await readdir(this.folder)).filter(isMail).sort();
    for (const name of names.slice(0, -FILES_MAX))
      await rm(join(this.folder, name), { force: true });
  }
}

function canWriteInto(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
