import Sequencer from '@jest/test-sequencer';

/** By the time that they take. Their files are small, and jest starts the largest first where it has not run them before. */
const LONGEST = [
  'container-image',
  'browser-states',
  'pages-browser',
  'acme-outage',
  'account-browser',
  'lifecycle',
  'workers',
  'connection-flood',
];

/** Starts the long tests first, so that at the end no worker waits for another one. */
export default class LongestFirst extends Sequencer {
  async sort(tests) {
    const sorted = await super.sort(tests);
    return sorted.toSorted((one, other) => rankOf(one) - rankOf(other));
  }
}

/** Those with gateways before those with a database, and the unit tests last. */
function rankOf({ path, context }) {
  const name = LONGEST.findIndex((each) => path.endsWith(`/test/e2e/${each}.spec.ts`));
  if (name !== -1) return name;
  const { displayName } = context.config;
  return LONGEST.length + ['e2e', 'faults', 'integration', 'unit'].indexOf(displayName.name);
}
