import { spawn, spawnSync, type ChildProcess, type StdioOptions } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { canExecute, canReach, type DatabaseUser } from './database-user.js';

/** Capability numbers of linux/capability.h: bits of CapPrm. */
const CAPABILITIES = { dac_override: 1n, dac_read_search: 2n } as const;

// The variables of this process hold the root keys: PostgreSQL gets none of them.
const CLEAN_ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/** Starts the programs of PostgreSQL as the database user. With setpriv they end when this process dies; systemd ends them with the unit. */
export class Launcher {
  readonly #prefix: readonly string[];

  /** `paths`: the further programs and folders that the database user must reach. */
  constructor(
    private readonly user: DatabaseUser,
    program: string,
    paths: readonly string[],
  ) {
    this.#prefix = maySetpriv() ? setpriv(user, program, paths) : [];
  }

  /** Starts a session of its own: Ctrl-C in a terminal reaches the gateway only, which stops the database last. */
  spawn(program: string, args: readonly string[], stdio: StdioOptions): ChildProcess {
    const [command = program, ...rest] = [...this.#prefix, program, ...args];
    const identity =
      this.#prefix.length === 0 && this.user.isOther
        ? { uid: this.user.uid, gid: this.user.gid }
        : {};
    return spawn(command, rest, {
      cwd: '/',
      env: CLEAN_ENVIRONMENT,
      detached: true,
      stdio,
      ...identity,
    });
  }
}

/** Whether it is there and runs: it sets capabilities anew whatever it is asked for, which a sandbox may refuse. */
function maySetpriv(): boolean {
  return spawnSync('setpriv', ['--pdeathsig=INT', 'true'], { stdio: 'ignore' }).status === 0;
}

function setpriv(user: DatabaseUser, program: string, paths: readonly string[]): string[] {
  const command = ['setpriv', '--pdeathsig=INT'];
  if (!user.isOther) return command;
  command.push(`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups');
  const capability = missingCapability(user, program, [program, ...paths]);
  if (capability === null) return command;
  // no_setuid_fixup: access(2), which initdb calls before it runs postgres, then takes the capability into account.
  return [
    ...command,
    '--securebits=+no_setuid_fixup',
    `--inh-caps=+${capability}`,
    `--ambient-caps=+${capability}`,
  ];
}

/**
 * The capability that the user needs for files below a folder that only root may enter, such as a clone in root's home.
 * Null when the modes of the folders suffice.
 */
function missingCapability(
  user: DatabaseUser,
  program: string,
  paths: readonly string[],
): keyof typeof CAPABILITIES | null {
  const isExecutable = canExecute(user, program);
  if (isExecutable && paths.every((path) => canReach(user, path))) return null;
  // dac_read_search does not permit running a program of mode 0700; dac_override does.
  return isExecutable && isPermitted('dac_read_search') ? 'dac_read_search' : 'dac_override';
}

function isPermitted(capability: keyof typeof CAPABILITIES): boolean {
  const [, hex = '0'] =
    /^CapPrm:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return ((BigInt(`0x${hex}`) >> CAPABILITIES[capability]) & 1n) === 1n;
}
