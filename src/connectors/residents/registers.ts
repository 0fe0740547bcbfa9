import type { ResidentsSettings } from '../../domain/office/connectors/residents.ts';
import type { OutsideRegister } from '../../features/foundation/residents/types.ts';
import type { Clock } from '../../lib/clock.ts';
import type { SigningKey } from '../../lib/keys/registry.ts';
import { createPadro } from './padro/padro.ts';

export interface RegistersDeps {
  key: SigningKey | null;
  /** The machine's clock, not the demonstration's. */
  clock: Clock;
}

/** Returns the adapter of the register that a town asks elsewhere; null: it brings a list here. */
export function registerAdapter(
  settings: ResidentsSettings | undefined,
  town: string,
  deps: RegistersDeps,
): OutsideRegister | null {
  return settings?.kind === 'padro' ? createPadro({ settings, town, ...deps }) : null;
}
