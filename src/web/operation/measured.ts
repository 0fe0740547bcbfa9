import { Gauge, Registry } from 'prom-client';
import { MEASURES } from '../../features/insight/operating/rules.ts';
import type { OperatingFacts } from '../../features/insight/operating/types.ts';

/** Returns the measures of how the installation runs, for a monitoring system. */
export function registryOf(facts: OperatingFacts): Registry {
  const registry = new Registry();
  for (const { name, help, labels = [], read } of MEASURES) {
    const gauge = new Gauge({ name, help, labelNames: [...labels], registers: [registry] });
    // A gauge without labels begins at 0, which would be a lie where nothing is known.
    gauge.reset();
    const samples = read(facts);
    if (samples.length === 0) registry.removeSingleMetric(name);
    for (const sample of samples) gauge.set(sample.labels ?? {}, sample.value);
  }
  return registry;
}
