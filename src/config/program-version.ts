import { existsSync, readFileSync } from 'node:fs';

/** The version in package.json, which lies above this file: in the sources, in the build and in the container image. */
export function programVersion(): string {
  let folder = new URL('.', import.meta.url);
  while (!existsSync(new URL('package.json', folder)) && folder.pathname !== '/')
    folder = new URL('..', folder);
  const { version } = JSON.parse(readFileSync(new URL('package.json', folder), 'utf8')) as {
    readonly version: string;
  };
  return version;
}
