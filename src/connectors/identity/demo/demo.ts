import { DEMO_PEOPLE, type DemoPerson } from '../../../domain/demo-people.ts';
import {
  GIVEN_LEVELS,
  type GivenLevel,
  isEnough,
  nifIn,
  type PersonId,
} from '../../../domain/identity.ts';
import type {
  Identified,
  IdentityProvider,
} from '../../../features/foundation/identification/types.ts';
import { systemClock } from '../../../lib/clock.ts';
import { type AdapterOptions, nameFrom } from '../adapter.ts';

/**
 * Returns the stand-in for demonstrations. Anybody can be anybody of `DEMO_PEOPLE`, at any level: its page is ours and says so. It is made
 * only where BASE_URL is this machine.
 */
export function createDemo({
  clock = systemClock,
}: Pick<AdapterOptions, 'clock'> = {}): IdentityProvider {
  return {
    start: async ({ baseUrl, returnUrl, checks, level, language }) => {
      const code = returnUrl.split('/').at(-2) ?? '';
      const query = new URLSearchParams({ state: checks.state, level });
      return {
        ok: true,
        value: { kind: 'redirect', url: `${baseUrl}/${language}/identify/demo/${code}?${query}` },
      };
    },

    finish: async ({ url }, attempt) => {
      const { searchParams: query } = url;
      if (query.has('error')) return { ok: false, reason: 'cancelled', code: 'cancelled' };
      const found = DEMO_PEOPLE.find((each) => each.identifier === query.get('person'));
      const level = GIVEN_LEVELS.find((each) => each === query.get('level'));
      const id = found && nifIn(found.identifier);
      if (!found || !id || !level) return { ok: false, reason: 'refused', code: 'nobody' };
      if (!isEnough(level, attempt.level)) return { ok: false, reason: 'too_low', code: 'level' };
      return { ok: true, value: identified(found, id, level, clock.now()) };
    },

    leave: async () => null,
  };
}

function identified(
  { given, family, company }: DemoPerson,
  person: PersonId,
  level: GivenLevel,
  now: Temporal.Instant,
): Identified {
  const said = { demo: true, ...person, given, family, level, at: now.toString() };
  return {
    person,
    name: nameFrom({ given, family }),
    represents: company,
    level,
    method: 'demo',
    evidence: [{ type: 'application/json', bytes: Buffer.from(JSON.stringify(said)) }],
    session: null,
    transaction: null,
  };
}
