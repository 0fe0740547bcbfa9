import type { PadroSettings } from '../../../domain/office/connectors/residents.ts';
import type { OutsideRegister } from '../../../features/foundation/residents/types.ts';
import type { Clock } from '../../../lib/clock.ts';
import type { SigningKey } from '../../../lib/keys/registry.ts';
import { answered } from '../../pci/answer.ts';
import { createPci } from '../../pci/pci.ts';
import { foundIn } from './answer.ts';
import { askerOf, kindOf, petitionFor } from './message.ts';

export interface PadroDeps {
  settings: PadroSettings;
  /** The name of the town. */
  town: string;
  /** Our key, with which requests are signed; null: the environment has none, and nothing can be asked. */
  key: SigningKey | null;
  /** The machine's clock, not the demonstration's: it is compared with that of the PCI. */
  clock: Clock;
  timeoutSeconds?: number;
}

/** Somebody looks at a page that waits for the answer: of what they asked for, and of what is only filled in. */
const PATIENCE_SECONDS = { asked: 15, filledIn: 4 };

/** Returns the adapter of PADRO: the town's own register of inhabitants, by the synchronous front of the PCI. */
export function createPadro(deps: PadroDeps): OutsideRegister {
  const { settings, town, timeoutSeconds } = deps;
  const { ine10, leavesOutProtected } = settings;
  const asker = askerOf(settings, town);
  const pciFor = (seconds: number) =>
    createPci({
      ...deps,
      endpoint: settings.endpoint,
      asker,
      timeoutSeconds: timeoutSeconds ?? seconds,
    });
  const patient = pciFor(PATIENCE_SECONDS.asked);
  const hurried = pciFor(PATIENCE_SECONDS.filledIn);
  const asked = { town, ine5: ine10.slice(0, 5), leavesOutProtected };
  return {
    find: async (id, { extent, about, isAsked }) =>
      kindOf(id) === null
        ? { ok: true, value: { kind: 'unknown' } }
        : answered(async () =>
            foundIn(
              await (isAsked ? patient : hurried).ask(petitionFor(id, { extent, about, isAsked })),
              { id, extent, ...asked },
            ),
          ),
  };
}
