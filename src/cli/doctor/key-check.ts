import { existingRootKeys } from '../../config/data-dir-keys.js';
import { compareRootKeys } from '../../region/root-key-check.js';
import type { DoctoredRegion } from './doctored-region.js';
import { bad, good, note, type Finding } from './finding.js';

/** What makes the missing key. */
export const NO_KEY =
  'the first start generates one; if a gateway runs, give this command its environment';

/** The configured root keys beside the check values in the database. */
export async function checkRootKeys(region: DoctoredRegion): Promise<Finding[]> {
  const { config, own, database } = region;
  const rootKeys = existingRootKeys(config, own.region);
  if (rootKeys === null) return [note('no root key yet', NO_KEY)];
  const { wrong, missing, unknown } = await compareRootKeys(
    { region: own.region, rootKeys },
    database,
  );
  const variable = `GATEWAY_ROOT_KEY_${own.region.toUpperCase()}`;
  const findings = [
    ...wrong.map((version) =>
      bad(
        `version ${version} is another key than the one that the database was written with`,
        `configure that one in ${variable}, or give the new key a new version`,
      ),
    ),
    ...missing.map((version) =>
      bad(
        `version ${version} is not configured, and records may need it`,
        `add it behind the current key in ${variable}; gateway rekey makes it unnecessary`,
      ),
    ),
    ...unknown.map((version) =>
      note(
        `version ${version} was not used yet`,
        'nothing to do: the next start stores its check value',
      ),
    ),
  ];
  const versions = rootKeys.map(({ version }) => version);
  return findings.some(({ verdict }) => verdict === 'bad')
    ? findings
    : [good(`current version ${versions[0]}, configured ${versions.join(', ')}`), ...findings];
}
