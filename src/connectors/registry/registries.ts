import type { RegistrySettings } from '../../domain/office/connectors/registry.ts';
import type { OutsideRegistry } from '../../features/foundation/registry/outside/types.ts';
import type { Clock } from '../../lib/clock.ts';
import type { SigningKey } from '../../lib/keys/registry.ts';
import { createMux } from './mux/mux.ts';

export interface RegistriesDeps {
  key: SigningKey | null;
  /** The machine's clock, not the demonstration's. */
  clock: Clock;
}

/** Returns the adapter of the registry that a town has elsewhere; null: it has none. */
export function registryAdapter(
  settings: RegistrySettings | undefined,
  town: string,
  deps: RegistriesDeps,
): OutsideRegistry | null {
  return settings?.kind === 'mux' ? createMux({ settings, town, ...deps }) : null;
}
