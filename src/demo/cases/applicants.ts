import type { Context } from '../../context.ts';
import { DEMO_PEOPLE } from '../../domain/demo-people.ts';
import { nifIn } from '../../domain/identity.ts';
import type {
  Identified,
  IdentityProvider,
} from '../../features/foundation/identification/types.ts';
import type { Clock } from '../../lib/clock.ts';
import { wireIdentification } from '../../wiring/foundation.ts';
import { drawsOf } from '../history/draws.ts';
import { personOf } from '../history/people.ts';
import type { Asked } from './asked.ts';
import type { Person } from './steps.ts';

/** Those who hand the cases in. */
export interface Applicants {
  identification: Context['identification'];
  /** Identifies whoever asks; null: it could not be. */
  identify(asked: Asked, nth: number): Promise<Person | null>;
}

const PROVIDER = 'demo';

/** Returns the applicants, who identify at the time of a clock. */
export function applicantsAt(context: Context, clock: Clock): Applicants {
  let next: Identified | null = null;
  const provider: IdentityProvider = {
    start: async ({ checks }) => ({
      ok: true,
      value: { kind: 'redirect', url: `https://demo.example/?state=${checks.state}`, kept: '' },
    }),
    finish: async () =>
      next ? { ok: true, value: next } : { ok: false, reason: 'refused', code: 'nobody' },
    leave: async () => null,
  };
  const identification = wireIdentification({ ...context, clock }, context.offices, () => provider);
  return {
    identification,
    identify: async (asked, nth) => {
      const { said, email } = saidOf(asked, nth);
      next = said;
      const who = said && (await identified(identification, context.config.baseUrl));
      return who && { who, email };
    },
  };
}

async function identified(
  identification: Context['identification'],
  baseUrl: string,
): Promise<Person['who'] | null> {
  const agent = '';
  const started = await identification.start(
    {
      provider: PROVIDER,
      level: 'substantial',
      language: 'ca',
      next: '/ca',
      from: '/ca',
      back: '/ca',
      purpose: { for: 'session' },
      transaction: null,
    },
    { cookie: '', agent },
  );
  if (!started.ok || started.departure.kind !== 'redirect') return null;
  const back = new URL(`${baseUrl}/identify/${PROVIDER}/return`);
  back.search = new URL(started.departure.url).search;
  const cookie = started.cookies.map((each) => each.split(';')[0]).join('; ');
  const finished = await identification.finish(PROVIDER, back, { cookie, agent });
  if (!finished.ok) return null;
  const { id, person, level } = finished.identification;
  return { person, level, identification: id };
}

const LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';

/** Returns what the provider says of whoever asks: a number that nobody has, and a made-up name. */
function saidOf({ isRosas }: Asked, nth: number): { said: Identified | null; email: string } {
  const made = personOf(drawsOf('demo applicant', nth), 'ca');
  const number = 100 + nth;
  const written = `${String(number).padStart(8, '0')}${LETTERS[number % LETTERS.length]}`;
  const [first = '', ...rest] = made.name.split(' ');
  const rosa = isRosas ? DEMO_PEOPLE[0] : undefined;
  const person = nifIn(rosa?.identifier ?? written);
  const given = rosa?.given ?? first;
  const family = rosa?.family ?? rest.join(' ');
  const said: Identified | null = person && {
    person,
    name: { full: `${given} ${family}`, given, family },
    represents: null,
    level: 'substantial',
    method: 'demo',
    evidence: [],
    session: null,
    transaction: null,
  };
  return { said, email: made.email };
}
