import { readFileSync } from 'node:fs';
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
    // The second CA has one row for all of its variables.
    const name = variable.replace(/^GATEWAY_ACME2_.*/, 'GATEWAY_ACME2_');
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
