import type { RegistrySettings } from '../../../../domain/office/connectors/registry.ts';
import type { Office } from '../../../../domain/office/types.ts';
import type { Clock } from '../../../../lib/clock.ts';
import { type Db, within } from '../../../../lib/db/database.ts';
import type { RunUnit } from '../../audit/service.ts';
import type { Offices } from '../../offices/service.ts';
import { numberText } from '../rules.ts';
import type { Described, FailureReason, OutsideState, RegistryEntry } from '../types.ts';
import { readEntryById } from '../views.ts';
import { asksAgainAt, secondsUntilTry, stateOf, stepOf } from './rules.ts';
import { noteSending, postpone, setNumber, setRegister, take } from './store.ts';
import type { Outside, OutsideFailure, OutsideRegistry, Presented, Registered } from './types.ts';
import { readOutside } from './views.ts';

/** The registry that the town has elsewhere: each entry of ours is owed to it until it has a number there (docs/adr/0095). */
export interface OutsideRegistering {
  /** Has what is owed and due registered there. Returns how many were tried. */
  deliver(): Promise<number>;
  /** Returns where the entry of something stands there; null: the town has no other registry, or nothing was registered. */
  of(office: Office, about: string): Promise<OutsideState | null>;
}

export interface OutsideDeps {
  db: Db;
  clock: Clock;
  unit: RunUnit;
  offices: Pick<Offices, 'byId' | 'town'>;
  /** Returns the adapter of the registry that the town file names; null: it names none. */
  adapt(settings: RegistrySettings | undefined, town: string): OutsideRegistry | null;
  /** Returns what an entry is of; null: it can't be said any more. */
  describe(office: Office, about: string): Promise<Described | null>;
  log: { info(what: object, message: string): void; warn(what: object, message: string): void };
  /** In [0, 1). */
  random?(): number;
}

/** The most entries in one pass of the job. */
const AT_ONCE = 100;

export function createOutsideRegistering(deps: OutsideDeps): OutsideRegistering {
  const { db, clock, offices, adapt } = deps;
  return {
    async deliver() {
      const { registry: settings, name } = await offices.town();
      const registry = adapt(settings, name);
      if (!registry) return 0;
      for (let tried = 0; tried < AT_ONCE; tried++) {
        const taken = await take(db, clock.now());
        if (!taken) return tried;
        // A registry that is away may take minutes to say so: the others wait for the next pass.
        if ((await carryOut(deps, registry, taken)) === 'away') return tried + 1;
      }
      return AT_ONCE;
    },

    of: async (office, about) => {
      const found = await within(db, office.id, (tx) => readOutside(tx, office.id, about));
      return found && stateOf(found);
    },
  };
}

/** Takes the next step of an entry. Returns why it had no end; null: it had one, or nothing was to be done. */
async function carryOut(
  deps: OutsideDeps,
  registry: OutsideRegistry,
  taken: Outside,
): Promise<FailureReason | null> {
  const step = stepOf(taken, deps.clock.now());
  if (step.do === 'wait') {
    await postpone(deps.db, taken, step.until, null);
    return null;
  }
  const office = await deps.offices.byId(taken.office);
  const entry = await within(deps.db, office.id, (tx) => readEntryById(tx, taken.id));
  if (step.do === 'classify') return classify(deps, registry, taken, entry);
  const what = await presentedOf(deps, office, entry);
  if (step.do === 'find') {
    const found = await registry.find(what, step.since);
    if (!found.ok) return fail(deps, taken, found);
    const [first, ...others] = found.value;
    if (first) return keep(deps, registry, { taken, entry, made: first, others });
  }
  const made = await registry.enter(what, () => noteSending(deps.db, taken, deps.clock.now()));
  if (!made) return null;
  if (!made.ok) return fail(deps, taken, made);
  return keep(deps, registry, { taken, entry, made: made.value, others: [] });
}

/** Returns what is told of an entry. The same entry is always told in the same words. */
async function presentedOf(
  { describe }: OutsideDeps,
  office: Office,
  entry: RegistryEntry,
): Promise<Presented> {
  const number = numberText(entry);
  const described = await describe(office, entry.about);
  return {
    id: entry.id,
    mark: `${office.code} ${number}`,
    direction: entry.direction,
    subject: described?.subject ?? number,
    at: entry.at,
    person: described?.person ?? null,
  };
}

const SYSTEM = { kind: 'system', why: 'registry' } as const;

/** Keeps the number of an entry there, and goes on to ask which registry made it. */
async function keep(
  deps: OutsideDeps,
  registry: OutsideRegistry,
  is: { taken: Outside; entry: RegistryEntry; made: Registered; others: readonly Registered[] },
): Promise<FailureReason | null> {
  const { taken, entry, made, others } = is;
  const also = others.map(({ number }) => number);
  const isKept = await deps.unit(SYSTEM, entry.office, async ({ tx, now, record }) => {
    if (!(await setNumber(tx, entry.id, made, { also, now }))) return false;
    const data = { entry: entry.id, number: numberText(entry), outside: made.number, also };
    await record('registered_outside', { data });
    return true;
  });
  if (also.length > 0)
    deps.log.warn({ entry: entry.id }, 'The registry of the town has an entry twice');
  return isKept
    ? classify(deps, registry, { ...taken, number: made.number, attempts: 0 }, entry)
    : null;
}

/** Asks whether an entry went to the auxiliary registry, and whether the main one took it over since. */
async function classify(
  deps: OutsideDeps,
  registry: OutsideRegistry,
  taken: Outside,
  entry: RegistryEntry,
): Promise<FailureReason | null> {
  const { clock, unit } = deps;
  const from = taken.firstSentAt ?? entry.at;
  const until = taken.lastSentAt ?? clock.now();
  const found = await registry.auxiliary({ from, until });
  if (!found.ok) return fail(deps, taken, found);
  const auxiliary = found.value.find(({ number }) => number === taken.number);
  const consolidated = auxiliary?.consolidated?.number ?? null;
  await unit(SYSTEM, entry.office, async ({ tx, now, record }) => {
    const register = auxiliary ? 'auxiliary' : 'main';
    const askAt = auxiliary && !consolidated ? asksAgainAt(taken.owedAt, now) : null;
    const isNew = await setRegister(tx, entry.id, { register, consolidated, askAt });
    const data = { entry: entry.id, number: numberText(entry), register, consolidated };
    if (isNew && auxiliary) await record('registry_reconciled', { data });
  });
  return null;
}

/** Records why a try had no end, and when the next one is. Returns why. */
async function fail(
  { db, clock, log, random = Math.random }: OutsideDeps,
  taken: Outside,
  failure: OutsideFailure,
): Promise<FailureReason> {
  const { reason, code, words } = failure;
  const seconds = secondsUntilTry(Math.max(taken.attempts, 1), reason, random());
  const at = clock.now().add({ milliseconds: Math.round(seconds * 1000) });
  const what = { entry: taken.id, attempts: taken.attempts, reason, code };
  if (reason === 'away') log.info(what, 'The registry of the town does not answer');
  else log.warn(what, 'The registry of the town does not register an entry');
  await postpone(db, taken, at, { reason, code, words });
  return reason;
}
