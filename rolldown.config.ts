import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { defineConfig, type Plugin } from 'rolldown';

const DIST = join(import.meta.dirname, 'dist');
const CHUNKS = 'src/chunks';
/** Of a package's files: the folder, which for one inside another is the inner one. */
const PACKAGE = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/;
const LICENSE = /^(licen[cs]e|notice|copying)/i;

/**
 * The three programs as they are started, put together with their libraries from what `nest build` has compiled: a start
 * opens thirty files in place of two thousand. They take the place of the compiled ones.
 */
export default defineConfig({
  input: Object.fromEntries(
    ['src/main', 'src/gateway/workers/worker-main', 'src/cli/main'].map((name) => [
      name,
      join(DIST, `${name}.js`),
    ]),
  ),
  platform: 'node',
  logLevel: 'warn',
  // Asked for by pg when somebody uses it.
  external: ['pg-native'],
  plugins: [leaveLazyPackages(), seeRequires(), keepPlaces(), addLicenses(), removeMaps()],
  output: {
    dir: DIST,
    chunkFileNames: `${CHUNKS}/[name]-[hash].js`,
    // Read at each start: V8 keeps a file with other characters at two bytes each.
    charset: 'ascii',
    comments: false,
    // TypeORM, Nest and the log call a class by its name.
    keepNames: true,
  },
  onLog(level, log, defaultHandler) {
    if (level === 'warn') throw new Error(log.message);
    defaultHandler(level, log);
  },
});

/**
 * What is imported when it is first used stays a package in node_modules. A process that was started before an upgrade in
 * place still finds it then, while the files here have other names.
 */
function leaveLazyPackages(): Plugin {
  return {
    name: 'leave-lazy-packages',
    resolveId: (source, _importer, { kind }) =>
      kind === 'dynamic-import' && !source.startsWith('.') ? { id: source, external: true } : null,
  };
}

/** Our modules find files beside themselves: `import.meta.url` stays what it was before they came into a file elsewhere. */
function keepPlaces(): Plugin {
  const placed = new Set<string>();
  return {
    name: 'keep-places',
    transform(code, id) {
      if (!id.startsWith(DIST) || !code.includes('import.meta.url')) return null;
      placed.add(id);
      const path = JSON.stringify(relative(join(DIST, CHUNKS), id));
      return code.replaceAll('import.meta.url', `new URL(${path}, import.meta.url).href`);
    },
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle))
        if (file.type === 'chunk' && file.isEntry && file.moduleIds.some((id) => placed.has(id)))
          this.error(`${file.fileName} is not in ${CHUNKS}, and finds no files from there`);
    },
  };
}

/** Libraries that are asked for by a `require` at once, of ours and of Nest, which would load a second TypeORM. */
function seeRequires(): Plugin {
  return {
    name: 'see-requires',
    transform: (code, id) =>
      (id.startsWith(DIST) || id.includes('/@nestjs/typeorm/')) && code.includes('createRequire(')
        ? code
            .replace('const require = createRequire(import.meta.url);', '')
            .replace(/createRequire\(import\.meta\.url\)\((?=\s*')/, 'require(')
        : null,
  };
}

/** What is put together here is passed on, and its licenses ask to go with it. */
function addLicenses(): Plugin {
  return {
    name: 'add-licenses',
    generateBundle() {
      const packages = new Set([...this.getModuleIds()].flatMap((id) => PACKAGE.exec(id) ?? []));
      this.emitFile({
        type: 'asset',
        fileName: `${CHUNKS}/LICENSES.txt`,
        source: [...packages].sort().map(licenseOf).join('\n\n'),
      });
    },
  };
}

/** Those of the compiled programs, which are replaced. */
function removeMaps(): Plugin {
  return {
    name: 'remove-maps',
    writeBundle(_options, bundle) {
      for (const { type, fileName } of Object.values(bundle))
        if (type === 'chunk') rmSync(join(DIST, `${fileName}.map`), { force: true });
    },
  };
}

function licenseOf(folder: string): string {
  const { name, version } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  ) as Readonly<Record<string, string>>;
  const texts = readdirSync(folder)
    .filter((file) => LICENSE.test(file))
    .map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return [`${name} ${version}`, ...texts].join('\n\n');
}
