import { z } from 'zod';
import {
  DEFAULT_LOOK,
  DEFAULT_OUTCOMES,
  DEFAULT_WRAP_UP_CODES,
} from '../../../domain/office/defaults.ts';
import { lookOf } from '../../../domain/office/look.ts';
import type { TownClosure } from '../../../domain/office/schema.ts';
import { townFileSchema } from '../../../domain/office/schema.ts';
import type { OfficeState, PersonState, TownState } from '../../../domain/office/state.ts';
import { isDeskRole } from '../../../domain/roles.ts';
import { isGroup, same } from '../changes/same.ts';
import { defOf, unwrapped } from '../reading/words.ts';

/** A town file as a person would write it, before any check: groups, lists and plain values. */
export type Writing = Record<string, unknown>;

/**
 * Returns the town file that declares the state of the database, without inherited values, defaults and retired things. Applying it changes
 * nothing.
 */
export function writtenTown({ town, offices, staff }: TownState): Writing {
  const open = [...offices].filter(([, office]) => !office.retired);
  return asWritten(townFileSchema, {
    town,
    offices: Object.fromEntries(open.map(([code, office]) => [code, writtenOffice(office, town)])),
    staff: [...staff].flatMap(([email, person]) => writtenPerson(email, person, offices) ?? []),
  }) as Writing;
}

function writtenOffice(state: OfficeState, town: TownState['town']): Writing {
  const {
    themes,
    queries,
    outcomes,
    wrapUpCodes,
    sites,
    acts,
    teams,
    chat,
    requests,
    look,
    country: _,
    ...settings
  } = state.settings;
  const inherited = {
    timeZone: town?.timeZone,
    languages: town?.languages,
    holidays: town?.holidays,
    smsFrom: town?.name,
  };
  return {
    ...settings,
    ...withoutAlike(
      {
        timeZone: settings.timeZone,
        languages: settings.languages,
        holidays: settings.holidays,
        smsFrom: settings.smsFrom,
      },
      inherited,
    ),
    feastDays: beyond(
      settings.feastDays.map(writtenDays),
      (town?.feastDays ?? []).map(writtenDays),
    ),
    openDays: beyond(settings.openDays, town?.openDays ?? []),
    closures: state.closures.map(writtenDays),
    look: filled(withoutAlike({ logo: undefined, ...look }, town ? lookOf(town) : DEFAULT_LOOK)),
    themes: byCode(themes),
    queries: byCode(queries),
    sites: byCode(sites ?? []),
    acts: byCode(acts),
    teams: byCode(teams),
    chat: { ...chat, topics: byCode(chat.topics), answers: byCode(chat.answers) },
    requests: requests && {
      ...requests,
      reasons: byCode(requests.reasons),
      templates: byCode(requests.templates),
      types: byCode(requests.types),
    },
    outcomes: otherThan(byCode(outcomes), DEFAULT_OUTCOMES),
    wrapUpCodes: otherThan(byCode(wrapUpCodes), DEFAULT_WRAP_UP_CODES),
    procedures: standing(state.procedures, ({ settings: procedure }) => procedure),
    desks: standing(state.desks, ({ retired: __, ...desk }) => desk),
    shifts: state.shifts,
    absences: state.absences.map(writtenAbsence),
  };
}

/** Returns a member of staff as written; null for a person that the file can't express: without work here, or with a desk that is gone. */
function writtenPerson(
  email: string,
  { name, operator, retired, roles }: PersonState,
  offices: TownState['offices'],
): Writing | null {
  const sayable = roles.filter(({ office, role, desk }) => {
    const found = offices.get(office);
    if (!found || found.retired) return false;
    return !isDeskRole(role) || found.desks.get(desk ?? '')?.retired === false;
  });
  if (retired || (sayable.length === 0 && !operator)) return null;
  const posts = Map.groupBy(sayable, (each) => each.office);
  const written = [...posts].map(([office, held]) => {
    const desk = held.find((each) => each.desk !== null)?.desk;
    return [office, { roles: held.map((each) => each.role), ...(desk && { desk }) }];
  });
  return { email, name, operator, offices: Object.fromEntries(written) };
}

function writtenDays({ from, to, date, why }: Partial<TownClosure> & { date?: string }): Writing {
  const days = date !== undefined || from === to ? { date: date ?? from } : { from, to };
  return { ...days, ...(why && { why }) };
}

const MIDNIGHT = /T00:00$/;

/** Returns an absence as written; whole days are written as days. */
function writtenAbsence({ from, to, ...rest }: OfficeState['absences'][number]): Writing {
  if (!MIDNIGHT.test(from) || !MIDNIGHT.test(to)) return { ...rest, from, to };
  const last = Temporal.PlainDateTime.from(to).toPlainDate().subtract({ days: 1 });
  return { ...rest, from: from.replace(MIDNIGHT, ''), to: last.toString() };
}

const byCode = (list: readonly { code: string }[]): Writing =>
  Object.fromEntries(list.map(({ code, ...named }) => [code, named]));

function standing<T extends { retired: boolean }>(
  things: ReadonlyMap<string, T>,
  written: (thing: T) => unknown,
): Writing {
  const open = [...things].filter(([, each]) => !each.retired);
  return Object.fromEntries(open.map(([code, each]) => [code, written(each)]));
}

/** Returns the list without the items of the other list; each item there removes one. */
function beyond<T>(list: readonly T[], other: readonly T[]): T[] {
  const left = [...other];
  return list.filter((each) => {
    const index = left.findIndex((known) => same(known, each));
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
}

/** Returns an office as written, together with its inherited and default look, languages, holidays, outcomes and wrap-up codes. */
export function fullOffice(state: OfficeState, town: TownState['town']): Writing {
  const { look, languages, holidays, outcomes, wrapUpCodes } = state.settings;
  return {
    ...writtenOffice(state, town),
    look,
    languages,
    holidays,
    outcomes: byCode(outcomes),
    wrapUpCodes: byCode(wrapUpCodes),
  };
}

/** Returns the group with equal values replaced by undefined. */
const withoutAlike = (group: Writing, other: Writing): Writing =>
  Object.fromEntries(
    Object.entries(group).map(([key, value]) => [key, otherThan(value, other[key])]),
  );

const sameInOrder = (a: unknown, b: unknown): boolean =>
  same(a, b) && (!isGroup(a) || !isGroup(b) || same(Object.keys(a), Object.keys(b)));

const otherThan = <T>(value: T, other: unknown): T | undefined =>
  sameInOrder(value, other) ? undefined : value;

const filled = (group: Writing): Writing | undefined =>
  Object.values(group).some((each) => each !== undefined) ? group : undefined;

type Schema = z.core.$ZodType;

/** Returns a value without the schema's defaults, with keys in the schema's order. */
export function asWritten(schema: Schema, value: unknown): unknown {
  const def = defOf(unwrapped(schema));
  if (Array.isArray(value) && def.type === 'array')
    return value.map((each) => asWritten(def.element, each));
  if (!isGroup(value)) return value;
  if (def.type === 'union') {
    const fitting = def.options.find((each) => z.safeParse(each, value).success);
    return fitting ? asWritten(fitting, value) : value;
  }
  if (def.type === 'record')
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, asWritten(def.valueType, each)]),
    );
  if (def.type !== 'object') return value;
  const written = Object.entries(def.shape).flatMap(([key, inner]) => {
    const found = value[key];
    if (found === undefined || goesWithoutSaying(inner, found)) return [];
    const said = asWritten(inner, found);
    const isNothing = defOf(inner).type === 'prefault' && isGroup(said) && empty(said);
    return isNothing ? [] : [[key, said]];
  });
  return Object.fromEntries(written);
}

const empty = (group: Writing): boolean => Object.keys(group).length === 0;

function goesWithoutSaying(schema: Schema, value: unknown): boolean {
  const def = defOf(schema);
  return def.type === 'default' && same(def.defaultValue, value);
}
