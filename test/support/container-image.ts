import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseDockerfile, parseVariables, type Instruction } from './dockerfile.js';

const MIRROR = 'http://deb.debian.org/debian';
const DPKG_SETTINGS = `force-unsafe-io
path-exclude /usr/share/doc/*
path-exclude /usr/share/locale/*
path-exclude /usr/share/man/*
`;
/** What npm writes in node_modules. */
const LIST = '.package-lock.json';

/**
 * The file system that the Dockerfile describes, without a container engine: both stages run in a chroot of a minimal Debian,
 * which has no library more than `debian:bookworm-slim`. For root, with debootstrap installed.
 */
export class ContainerImage {
  /** As the Dockerfile's ENV lines leave it. */
  readonly environment: Record<string, string> = {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  };
  command: readonly string[] = [];
  #workdir = '/';
  #user = 'root';

  private constructor(readonly root: string) {}

  /** Takes about a minute. Call remove() at the end. */
  static build(): ContainerImage {
    const [build = [], final = []] = parseDockerfile(readFileSync('Dockerfile', 'utf8'));
    const image = new ContainerImage(mkdtempSync(join(tmpdir(), 'image-')));
    try {
      // As in the image of Debian itself: dpkg does not wait for the disk, and installs no documentation.
      mkdirSync(join(image.root, 'etc/dpkg/dpkg.cfg.d'), { recursive: true });
      writeFileSync(join(image.root, 'etc/dpkg/dpkg.cfg.d/slim'), DPKG_SETTINGS);
      run('debootstrap', ['--variant=minbase', 'bookworm', image.root, MIRROR]);
      // Its user must reach it.
      chmodSync(image.root, 0o755);
      run('mount', ['-t', 'proc', 'proc', join(image.root, 'proc')]);
      for (const { name, value } of build) {
        if (name === 'COPY') image.#copyAll(value, '/build/');
        else if (name === 'RUN') image.#runInBuild(value);
      }
      for (const instruction of final) image.#apply(instruction);
      rmSync(join(image.root, 'build'), { recursive: true });
      return image;
    } catch (error) {
      image.remove();
      throw error;
    }
  }

  /** The words that run a command in the image, as its user and in its folder. */
  inside(...words: readonly string[]): [string, ...string[]] {
    const script = `cd ${this.#workdir} && exec "$0" "$@"`;
    return ['chroot', `--userspec=${this.#ids()}`, this.root, '/bin/sh', '-c', script, ...words];
  }

  remove(): void {
    spawnSync('umount', [join(this.root, 'proc')]);
    rmSync(this.root, { recursive: true, force: true });
  }

  #apply({ name, value }: Instruction): void {
    switch (name) {
      case 'WORKDIR':
        this.#workdir = value;
        mkdirSync(join(this.root, value), { recursive: true });
        break;
      case 'ENV':
        Object.assign(this.environment, parseVariables(value, this.environment));
        break;
      case 'RUN':
        this.#inChroot(`cd ${this.#workdir} && ${value}`);
        break;
      case 'COPY':
        this.#copyFromBuild(value);
        break;
      case 'USER':
        this.#user = value;
        break;
      case 'CMD':
        this.command = JSON.parse(value) as string[];
        break;
      case 'FROM':
      case 'VOLUME':
      case 'EXPOSE':
      case 'HEALTHCHECK':
        break;
      default:
        throw new Error(`the Dockerfile has an instruction that this test cannot run: ${name}`);
    }
  }

  /** The build stage has npm besides. */
  #runInBuild(value: string): void {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      readonly scripts: { readonly build: string };
    };
    // This clone was installed with the same `npm ci`.
    if (value.startsWith('npm ci ')) return this.#linkNodeModules();
    if (value.startsWith('npm prune ')) return run('sh', ['-c', value], join(this.root, 'build'));
    const script = value === 'npm run build' ? scripts.build : value;
    this.#inChroot(`cd /build && PATH=/build/node_modules/.bin:$PATH && ${script}`);
  }

  #copyFromBuild(value: string): void {
    const [, from = '', to = ''] = /^--from=build \/app\/(\S+) (\S+)$/.exec(value) ?? [];
    if (from === '') return this.#copyAll(value, `${this.#workdir}/`);
    const source = join(this.root, 'build', from);
    // Links instead of copies: build() removes the other ones.
    run('cp', ['-al', source, join(this.root, resolve(this.#workdir, to))]);
  }

  /** Half a gigabyte: links where it is the same file system. npm only removes files of it, and writes its list. */
  #linkNodeModules(): void {
    const [from, to] = ['node_modules', join(this.root, 'build/node_modules')];
    mkdirSync(dirname(to), { recursive: true });
    if (spawnSync('cp', ['-al', from, to]).status !== 0) run('cp', ['-a', from, dirname(to)]);
    rmSync(join(to, LIST));
    run('cp', ['-a', join(from, LIST), to]);
  }

  /** `COPY a b ./` from this clone. */
  #copyAll(value: string, folder: string): void {
    const words = value.split(' ');
    const to = words.pop() ?? './';
    for (const word of words) this.#copy(word, resolve(folder, to) + (to.endsWith('/') ? '/' : ''));
  }

  #copy(source: string, to: string): void {
    const target = join(this.root, to);
    mkdirSync(to.endsWith('/') ? target : dirname(target), { recursive: true });
    run('cp', ['-a', source, target]);
  }

  #inChroot(script: string): void {
    const environment = { ...this.environment };
    const { status, stderr } = spawnSync('chroot', [this.root, '/bin/sh', '-ec', script], {
      env: environment,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`${script}: ${stderr}`);
  }

  #ids(): string {
    const users = readFileSync(join(this.root, 'etc/passwd'), 'utf8').split('\n');
    const [, , uid, gid] =
      users.find((line) => line.startsWith(`${this.#user}:`))?.split(':') ?? [];
    if (uid === undefined) throw new Error(`the image has no user ${this.#user}`);
    return `${uid}:${gid}`;
  }
}

function run(command: string, words: readonly string[], cwd = '.'): void {
  const { status, stdout, stderr } = spawnSync(command, words, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${words.join(' ')}: ${stdout}${stderr}`);
}
