import { defineConfig, type OxlintOverride } from 'oxlint';

/**
 * The rooms of `src`, in the order of docs/architecture.md: a room may import the rooms of the lines above it, never one
 * beside or below it.
 */
const RANKS: readonly (readonly string[])[] = [
  ['shared'],
  ['config'],
  ['database'],
  ['dns', 'acme', 'limits', 'mail', 'outbox'],
  ['accounts', 'operators'],
  ['domains'],
  ['certificates', 'brand', 'tenancy'],
  ['auth'],
  ['secrets', 'setup'],
  ['notices', 'webhooks'],
  ['api', 'pages'],
  ['admin'],
  ['region'],
  ['gateway', 'cli'],
];

/**
 * The folders inside a large room, in the same order. The files beside them are the room's words, which every folder
 * uses, and its module and service, which use every folder.
 */
const FOLDERS: Readonly<Record<string, readonly string[]>> = {
  domains: ['serving', 'probe', 'diagnosis', 'claims', 'moves', 'connect', 'checks'],
  pages: ['messages', 'frame', 'public', 'account', 'domains'],
  certificates: ['issuers', 'ca', 'stores', 'tickets', 'contexts', 'uploads', 'orders', 'issuance'],
};

/** The files beside the folders that are not words. */
const FRONT = ['*.module.ts', '*.service.ts'];

/** One for the process: its lines would name the region of the cell that started last. */
const NEST_LOGGER = {
  name: '@nestjs/common',
  importNames: ['Logger'],
  message: 'Use loggerFor() of shared/log-scope.ts (docs/decisions/0019).',
};

export default defineConfig({
  plugins: ['typescript', 'import', 'unicorn', 'oxc', 'promise'],
  categories: { correctness: 'error', suspicious: 'warn' },
  ignorePatterns: ['dist', 'node_modules', 'coverage'],
  rules: {
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/switch-exhaustiveness-check': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/no-non-null-assertion': 'error',
    // A type-only import of an injected class breaks injection.
    'typescript/consistent-type-imports': 'off',
    'typescript/no-extraneous-class': ['error', { allowWithDecorator: true }],
    'import/no-cycle': 'error',
    'import/no-default-export': 'error',
    'import/no-unassigned-import': 'off',
    'max-lines': ['error', { max: 250, skipComments: true, skipBlankLines: true }],
    'max-lines-per-function': ['error', { max: 50, skipComments: true, skipBlankLines: true }],
    'max-params': ['error', { max: 5 }],
    'typescript/no-unsafe-type-assertion': 'off',
    'typescript/no-unnecessary-type-parameters': 'off',
    'import/no-named-as-default-member': 'off',
    'typescript/consistent-return': 'off',
    'unicorn/consistent-function-scoping': 'off',
    'unicorn/no-array-sort': 'off',
    'eslint/no-underscore-dangle': 'off',
    'typescript/no-unnecessary-type-assertion': 'off',
    'eslint/no-unmodified-loop-condition': 'off',
    'promise/always-return': 'off',
  },
  overrides: [
    ...RANKS.flatMap((rank, index) => rank.flatMap((room) => roomRules(room, index))),
    {
      files: ['**/*.spec.ts', '**/*.spec.tsx', 'test/**', 'bench/**', 'demo/**', 'docs/**'],
      rules: {
        'max-lines-per-function': 'off',
        'max-lines': ['error', { max: 400, skipComments: true, skipBlankLines: true }],
        'typescript/no-non-null-assertion': 'off',
      },
    },
    { files: ['**/*.entity.ts'], rules: { 'typescript/no-non-null-assertion': 'off' } },
    {
      files: [
        '*.config.{js,ts}',
        'test/support/e2e-setup.ts',
        'test/support/e2e-teardown.ts',
        'test/support/integration-setup.ts',
        'test/support/integration-teardown.ts',
        'test/support/longest-first.js',
        'test/support/tied-environment.js',
      ],
      rules: { 'import/no-default-export': 'off' },
    },
  ],
});

/** The last rule that fits a file counts alone, so a folder's rule repeats its room's. */
function roomRules(room: string, rank: number): OxlintOverride[] {
  const below = RANKS.slice(rank)
    .flat()
    .filter((other) => other !== room);
  const outside = forbid(
    below.map((other) => `**/${other}/**`),
    `${room} may not import this room`,
  );
  const folders = FOLDERS[room] ?? [];
  const front = FRONT.map((file) => `../${file.replace(/ts$/, 'js')}`);
  return [
    rule([`src/${room}/**`], [outside]),
    ...folders.map((folder, index) => {
      const later = folders.slice(index + 1).map((other) => `../${other}/**`);
      const inside = forbid([...later, ...front], `${room}/${folder} may not import this`);
      return rule([`src/${room}/${folder}/**`], [outside, inside]);
    }),
    ...(folders.length === 0 ? [] : [wordsRule(room, folders, outside)]),
  ];
}

/** Words know no folder. A `*` in `files` matches slashes too, so the folders are left out by name. */
function wordsRule(room: string, folders: readonly string[], outside: Restriction): OxlintOverride {
  const inside = forbid(
    [
      ...folders.map((folder) => `./${folder}/**`),
      ...FRONT.map((file) => `./${file.replace(/ts$/, 'js')}`),
    ],
    `the words of ${room} may not import this`,
  );
  return {
    ...rule([`src/${room}/*.ts`], [outside, inside]),
    excludeFiles: [
      ...folders.map((folder) => `src/${room}/${folder}/**`),
      ...FRONT.map((file) => `src/${room}/${file}`),
    ],
  };
}

interface Restriction {
  readonly group: string[];
  readonly message: string;
}

function forbid(group: string[], message: string): Restriction {
  return { group, message: `Imports point up: ${message} (docs/architecture.md).` };
}

function rule(files: string[], patterns: Restriction[]): OxlintOverride {
  const paths = [NEST_LOGGER];
  const used = patterns.filter(({ group }) => group.length > 0);
  return { files, rules: { 'no-restricted-imports': ['error', { paths, patterns: used }] } };
}
