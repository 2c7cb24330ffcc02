import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalAuthority } from '../../../src/certificates/issuers/local-authority.js';
import { Clock } from '../../../src/shared/clock.js';

/** A clock that only the test moves. */
export class MovableClock extends Clock {
  #now = Date.now();

  now(): Date {
    return new Date(this.#now);
  }

  forward(milliseconds: number): void {
    this.#now += milliseconds;
  }
}

export interface TestAuthority {
  readonly authority: LocalAuthority;
  readonly clock: MovableClock;
  readonly directory: string;
  /** The content of `root.pem`. */
  readonly rootPem: string;
  remove(): Promise<void>;
}

/** A local authority in a temporary directory. */
export async function openTestAuthority(): Promise<TestAuthority> {
  const directory = await mkdtemp(join(tmpdir(), 'onetime-ca-'));
  const clock = new MovableClock();
  const authority = await LocalAuthority.open(directory, clock);
  return {
    authority,
    clock,
    directory,
    rootPem: await readFile(join(directory, 'root.pem'), 'utf8'),
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}
