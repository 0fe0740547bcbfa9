import type { MuxSettings } from '../../../domain/office/connectors/registry.ts';
import type {
  OutsideRegistry,
  Registered,
  Span,
} from '../../../features/foundation/registry/outside/types.ts';
import type { Clock } from '../../../lib/clock.ts';
import type { SigningKey } from '../../../lib/keys/registry.ts';
import { answered } from '../../pci/answer.ts';
import { createPci } from '../../pci/pci.ts';
import { entriesIn } from './answer.ts';
import {
  askerOf,
  CONSULT,
  consultPetition,
  entryPetition,
  petitionOf,
  type Sender,
  type Sought,
  subjectOf,
} from './message.ts';

export interface MuxDeps {
  settings: MuxSettings;
  /** The name of the town. */
  town: string;
  /** Our key, with which requests are signed; null: the environment has none, and nothing can be registered. */
  key: SigningKey | null;
  /** The machine's clock, not the demonstration's: it is compared with that of the PCI. */
  clock: Clock;
  /** How long one request may take. The PCI took up to 100 seconds on bad days. */
  timeoutSeconds?: number;
}

/** Clocks differ, and a moment without an offset can be read as that of another zone. */
const MARGIN = Temporal.Duration.from({ hours: 3 });

/** Returns the adapter of MUX, by the synchronous front of the PCI. */
export function createMux(deps: MuxDeps): OutsideRegistry {
  const sender: Sender = { settings: deps.settings, town: deps.town };
  const pci = createPci({ ...deps, ...deps.settings, asker: askerOf(sender) });
  const look = (sought: Sought) =>
    answered(async () =>
      entriesIn(await pci.ask(petitionOf(CONSULT, consultPetition(sender, sought)))),
    );
  return {
    async enter(what, goAhead) {
      const { modality } = deps.settings;
      const petition = petitionOf(modality, entryPetition(sender, what));
      const signed = await answered(async () => pci.sign(petition));
      if (!signed.ok) return signed;
      if (!(await goAhead())) return null;
      const made = await answered(async () => entriesIn(await pci.post(signed.value)));
      if (!made.ok) return made;
      const [entry] = made.value;
      if (!entry) return unclear('no_number');
      return entry.subject === null || isOf(entry, what.mark)
        ? { ok: true, value: entry }
        : unclear('other_subject');
    },

    async find(what, since) {
      const subject = subjectOf(what);
      const { from, until } = widened({ from: since, until: deps.clock.now() });
      const found = await look({ from, until, kind: what.direction, subject });
      if (!found.ok) return found;
      // An answer without subjects doesn't say whose entries these are.
      if (found.value.some((each) => each.subject === null)) return unclear('no_subject');
      return { ok: true, value: found.value.filter((each) => isOf(each, what.mark)) };
    },

    auxiliary: (span) => look({ ...widened(span), onlyAuxiliary: true }),
  };
}

const unclear = (code: string) => ({ ok: false, reason: 'unclear', code, words: null }) as const;

const isOf = ({ subject }: Registered, mark: string): boolean =>
  subject?.includes(`(${mark})`) ?? false;

const widened = ({ from, until }: Span): Span => ({
  from: from.subtract(MARGIN),
  until: until.add(MARGIN),
});
