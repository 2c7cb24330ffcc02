import { closeSync, openSync } from 'node:fs';
import { Registry } from 'prom-client';
import { observeDescriptors } from './descriptor-metrics.js';

it('how many files and connections may still be opened is a metric', async () => {
  const registry = new Registry();
  observeDescriptors(registry);
  const left = async (): Promise<number> => {
    const text = await registry.getSingleMetricAsString('gateway_descriptors_left');
    return Number(/^gateway_descriptors_left (\d+)$/m.exec(text)?.[1]);
  };
  const before = await left();
  const opened = Array.from({ length: 200 }, () => openSync('/dev/null', 'r'));
  const during = await left();
  for (const file of opened) closeSync(file);
  // Others of this process come and go meanwhile.
  expect(before - during).toBeGreaterThan(100);
});
