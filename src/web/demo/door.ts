import type { Context as Request } from 'hono';
import { DEMO_PEOPLE, PERSONAS, type Persona } from '../../domain/demo-people.ts';
import type { Identification } from '../../features/foundation/identification/service.ts';
import type { Staff } from '../../features/foundation/staff/service.ts';
import type { Caller } from '../../features/foundation/staff/types.ts';
import type { Language } from '../../lib/i18n/languages.ts';
import { browserOf } from '../citizen/identify/session.ts';

export interface DoorDeps {
  staff: Pick<Staff, 'enterDemo'>;
  identification: Pick<Identification, 'offered' | 'start'>;
  callerOf(c: Request): Caller;
}

export const personaNamed = (code: string): Persona | null =>
  PERSONAS.find((each) => each.code === code) ?? null;

/** Where a browser goes after the door, and the cookies that it takes along. */
export interface Entered {
  to: string;
  cookies: readonly string[];
}

/** Lets a browser in as a persona, without password or code; null: the persona is not there any more. */
export async function enter(
  deps: DoorDeps,
  c: Request,
  { email, begins }: Persona,
  language: Language,
): Promise<Entered | null> {
  if (email === null) return identify(deps, c, `/${language}${begins}`, language);
  const cookies = await deps.staff.enterDemo(email, deps.callerOf(c));
  return cookies && { to: begins, cookies };
}

/** Identifies the browser as the first person of the demo, by the demo's own provider; null: the town has others. */
async function identify(
  { identification }: DoorDeps,
  c: Request,
  next: string,
  language: Language,
): Promise<Entered | null> {
  const offered = await identification.offered();
  const demo = offered.find(({ kind }) => kind === 'demo');
  const [person] = DEMO_PEOPLE;
  if (!demo || !person) return null;
  const started = await identification.start(
    {
      provider: demo.code,
      level: 'substantial',
      language,
      next,
      from: '/demo',
      back: '/demo',
      purpose: { for: 'session' },
      transaction: null,
    },
    browserOf(c),
  );
  if (!started.ok || started.departure.kind !== 'redirect') return null;
  // The provider asks who it is. Here that is known.
  const { searchParams: asked } = new URL(started.departure.url);
  const answer = new URLSearchParams({
    state: asked.get('state') ?? '',
    person: person.identifier,
    level: 'substantial',
  });
  return { to: `/identify/${demo.code}/return?${answer}`, cookies: started.cookies };
}
