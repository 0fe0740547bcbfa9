import { randomUUID } from 'node:crypto';
import type { MuxSettings } from '../../../domain/office/connectors/registry.ts';
import type {
  Answered,
  OutsideRegistry,
  Registered,
  Span,
} from '../../../features/foundation/registry/outside/types.ts';
import type { Clock } from '../../../lib/clock.ts';
import { limitedBody, TooLong } from '../../../lib/http/limited-fetch.ts';
import type { SigningKey } from '../../../lib/keys/registry.ts';
import { entriesIn, NotAnswered } from './answer.ts';
import { signedEnvelope } from './envelope.ts';
import {
  CONSULT,
  consultPetition,
  entryPetition,
  type Petition,
  petitionMessage,
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

const MOST_BYTES = 8 * 1024 * 1024;

/** Clocks differ, and a moment without an offset can be read as that of another zone. */
const MARGIN = Temporal.Duration.from({ hours: 3 });

/** Returns the adapter of MUX, by the synchronous front of the PCI. */
export function createMux(deps: MuxDeps): OutsideRegistry {
  const sender: Sender = { settings: deps.settings, town: deps.town };
  const ask = (petition: Petition) =>
    answered(() => posted(deps, envelopeOf(deps, sender, petition)));
  const look = (sought: Sought) =>
    ask({ modality: CONSULT, specific: consultPetition(sender, sought) });
  return {
    async enter(what, goAhead) {
      const { modality } = deps.settings;
      const petition = { modality, specific: entryPetition(sender, what) };
      const signed = await answered(async () => envelopeOf(deps, sender, petition));
      if (!signed.ok) return signed;
      if (!(await goAhead())) return null;
      const made = await answered(() => posted(deps, signed.value));
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

async function answered<T>(work: () => Promise<T>): Promise<Answered<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    if (error instanceof NotAnswered) return { ok: false, ...error.failure };
    throw error;
  }
}

/** Returns a signed petition, which counts for some minutes. @throws NotAnswered */
function envelopeOf({ key, clock }: MuxDeps, sender: Sender, petition: Petition): string {
  if (!key) throw new NotAnswered('refused', 'no_key');
  const now = clock.now();
  const message = petitionMessage(sender, petition, { id: randomUUID(), now });
  return signedEnvelope(message, key, now);
}

/** Posts an envelope, and returns the entries in the answer. Redirects are not followed. @throws NotAnswered */
async function posted(
  { settings, timeoutSeconds = 90 }: MuxDeps,
  body: string,
): Promise<Registered[]> {
  return entriesIn(await answerTo(settings.endpoint, body, timeoutSeconds));
}

async function answerTo(endpoint: string, body: string, timeoutSeconds: number): Promise<string> {
  try {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'Content-Type': 'text/xml; charset=utf-8',
        SOAPAction: '"http://www.openuri.org/procesa"',
      },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutSeconds * 1000),
    });
    const text = (await limitedBody(response, MOST_BYTES)).toString('utf8');
    // A fault of SOAP 1.1 comes with 500.
    if (response.ok || (response.status === 500 && text.includes('Fault'))) return text;
    throw failureOf(response.status);
  } catch (error) {
    if (error instanceof NotAnswered) throw error;
    if (error instanceof TooLong) throw new NotAnswered('unclear', 'too_long');
    const isLate = error instanceof Error && error.name === 'TimeoutError';
    throw new NotAnswered('away', isLate ? 'timeout' : 'network');
  }
}

const failureOf = (status: number): NotAnswered =>
  status >= 500 || status === 429
    ? new NotAnswered('away', `http_${status}`)
    : new NotAnswered('refused', `http_${status}`);
