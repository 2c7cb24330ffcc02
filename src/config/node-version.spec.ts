import { requireNode } from './node-version.js';

describe(requireNode, () => {
  it.each(['24.11.0', '24.12.1', '25.0.0', '26.10.0', '100.0.0'])('accepts %s', (version) => {
    expect(() => requireNode(version)).not.toThrow();
  });

  it.each(['24.10.9', '24.2.0', '23.11.1', '20.20.2', '8.0.0', ''])('refuses %j', (version) => {
    expect(() => requireNode(version)).toThrow(/^Node.js 24\.11 or newer is needed/);
  });
});
