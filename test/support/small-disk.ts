import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getuid } from 'node:process';
import { temporaryFolder } from './temporary-server.js';

const BLOCK = 4096;

/** Why this machine cannot mount one; null: it can. */
export const noSmallDisk: string | null = getuid?.() === 0 ? null : 'only root mounts a disk';

/** A disk of a few megabytes in memory that a test fills and frees. */
export class SmallDisk {
  private constructor(readonly path: string) {}

  static mount(megabytes: number): SmallDisk {
    const path = temporaryFolder();
    const options = `size=${megabytes}m,mode=0711`;
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path]);
    return new SmallDisk(path);
  }

  /** Writes until there is no block left, but so many. */
  fill(blocksLeft = 0): void {
    const spare = Array.from({ length: blocksLeft }, (_, index) =>
      join(this.path, `spare-${index}`),
    );
    for (const path of spare) writeFileSync(path, Buffer.alloc(BLOCK));
    for (;;) {
      try {
        writeFileSync(this.#filler, Buffer.alloc(BLOCK), { flag: 'a' });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
        for (const path of spare) rmSync(path);
        return;
      }
    }
  }

  free(): void {
    rmSync(this.#filler, { force: true });
  }

  unmount(): void {
    execFileSync('umount', ['--lazy', this.path]);
    rmSync(this.path, { recursive: true, force: true });
  }

  get #filler(): string {
    return join(this.path, 'filler');
  }
}
