import { readFileSync } from 'node:fs';
import { LIMIT_NAMES, LIMITS } from './limits.js';
import { environmentSchema } from './config.schema.js';
import { PER_REGION } from './region-config.js';

const VARIABLES = [
  ...Object.keys(environmentSchema.shape),
  ...PER_REGION.map((prefix) => `${prefix}EU`),
];

/** Belong to the container: its image sets them, or it publishes the port. */
const OF_THE_CONTAINER =
  /^GATEWAY_(?:OPS_)?(?:BIND|PORT)$|^GATEWAY_HTTPS?_PORT$|^GATEWAY_DATA_DIR$/;

describe('every variable of the configuration', () => {
  it.each(VARIABLES)('%s is in the README', (variable) => {
    const readme = readFileSync('README.md', 'utf8');
    // The second CA and the limits have one row for all of their variables.
    const name = variable
      .replace(/^GATEWAY_ACME2_.*/, 'GATEWAY_ACME2_')
      .replace(/^GATEWAY_LIMIT_.*/, 'GATEWAY_LIMIT_<NAME>');
    expect(readme).toContain(`\`${name}`);
  });

  it.each(VARIABLES.filter((variable) => !OF_THE_CONTAINER.test(variable)))(
    '%s is passed on by docker-compose.yml',
    (variable) => {
      const compose = readFileSync('docker-compose.yml', 'utf8');
      expect(compose).toMatch(new RegExp(`^    ${variable}:`, 'm'));
    },
  );
});

describe('every limit', () => {
  it.each(LIMIT_NAMES)('%s is in docs/operations.md, with its default', (name) => {
    const { per, burst, seconds, kept, why } = LIMITS[name];
    const cells = [`\`${name}\``, per, `\`${burst}/${seconds}\``, kept, why];
    const rows = readFileSync('docs/operations.md', 'utf8').split('\n');
    expect(rows.map((row) => row.split('|').map((cell) => cell.trim()))).toContainEqual([
      '',
      ...cells,
      '',
    ]);
  });
});
