import type { TownShift } from '../../../domain/office/schema.ts';
import type { OfficeState, PersonState, TownState } from '../../../domain/office/state.ts';
import type { Area } from '../../../domain/requests/areas.ts';
import { leafChanges, rowChanges } from '../../../formats/town-file/changes/differences.ts';
import { same } from '../../../formats/town-file/changes/same.ts';
import type { Change, ConsoleDecisions } from './types.ts';

/** Returns the changes from the database's state to the file's state; none when they are equal. */
export function townChanges(current: TownState, wanted: TownState): Change[] {
  const town = leafChanges(current.town ?? {}, wanted.town ?? {});
  const changes: Change[] =
    town.length > 0 ? [{ about: 'town', office: null, words: `town: ${listed(town)}` }] : [];
  for (const [code, office] of wanted.offices) {
    const sentences = officeChanges(current.offices.get(code), office);
    for (const words of sentences)
      changes.push({ about: 'office', office: code, words: `${code}: ${words}` });
  }
  for (const [code, office] of current.offices) {
    if (office.retired || wanted.offices.has(code)) continue;
    changes.push({ about: 'office', office: code, words: `${code}: the office is retired` });
  }
  for (const words of staffChanges(current.staff, wanted.staff)) {
    changes.push({ about: 'staff', office: null, words });
  }
  return changes;
}

/** Returns the changes of the town's areas: added, changed and removed, and another order, which decides what is in two of them. */
export function areaChanges(before: readonly Area[], wanted: readonly Area[]): Change[] {
  const known = new Map(before.map((each) => [each.code, each]));
  const codes = new Set(wanted.map(({ code }) => code));
  const stays = (list: readonly Area[], other: (code: string) => boolean) =>
    list.flatMap(({ code }) => (other(code) ? [code] : [])).join();
  const words = [
    ...wanted.flatMap((each) => {
      const was = known.get(each.code);
      if (!was) return [`new area ${each.code}`];
      return same(was, each) ? [] : [`area ${each.code} changes`];
    }),
    ...before.flatMap(({ code }) => (codes.has(code) ? [] : [`area ${code} is gone`])),
    ...(stays(before, (code) => codes.has(code)) === stays(wanted, (code) => known.has(code))
      ? []
      : ['the order of the areas changes']),
  ];
  return words.map((each) => ({ about: 'town', office: null, words: `town: ${each}` }));
}

function officeChanges(current: OfficeState | undefined, wanted: OfficeState): string[] {
  if (!current) {
    return [
      `new office with ${wanted.procedures.size} procedures, ${wanted.desks.size} desks and ${wanted.shifts.length} shifts`,
    ];
  }
  const sentences: string[] = [];
  if (current.retired) sentences.push('the office is opened again');
  if (current.position !== wanted.position) sentences.push('its place among the offices changes');
  const settings = leafChanges(current.settings, wanted.settings);
  if (settings.length > 0) sentences.push(listed(settings));
  return [
    ...sentences,
    ...keyedChanges('procedure', current.procedures, wanted.procedures),
    ...keyedChanges('desk', current.desks, wanted.desks),
    ...rowChanges('shift', current.shifts, wanted.shifts, shiftInWords),
    ...rowChanges(
      'absence',
      current.absences,
      wanted.absences,
      ({ desk, from, to, why }) => `${desk} ${from} – ${to}${why ? ` (${why})` : ''}`,
    ),
    ...rowChanges('closure', current.closures, wanted.closures, ({ from, to, why }) => {
      const reason = why && Object.values(why)[0];
      return `${from === to ? from : `${from} – ${to}`}${reason ? ` (${reason})` : ''}`;
    }),
  ];
}

/** Compares entries by code: added, changed, retired and restored. */
function keyedChanges<T extends { retired: boolean }>(
  what: string,
  current: ReadonlyMap<string, T>,
  wanted: ReadonlyMap<string, T>,
): string[] {
  const sentences: string[] = [];
  for (const [code, thing] of wanted) {
    const before = current.get(code);
    if (!before) {
      sentences.push(`new ${what} ${code}`);
      continue;
    }
    if (before.retired) sentences.push(`${what} ${code} comes back`);
    const changes = leafChanges(before, { ...thing, retired: before.retired });
    if (changes.length > 0) sentences.push(`${what} ${code}: ${listed(changes)}`);
  }
  for (const [code, before] of current) {
    if (!before.retired && !wanted.has(code)) sentences.push(`${what} ${code} is retired`);
  }
  return sentences;
}

const shiftInWords = ({ desk, weekdays, from, to, since, until, except = [] }: TownShift): string =>
  [
    `${desk} ${weekdays.join(' ')} ${from}–${to} since ${since}`,
    ...(until ? [`until ${until}`] : []),
    ...(except.length > 0 ? [`but not on ${except.join(', ')}`] : []),
  ].join(' ');

/** A file without people changes no people, so that it doesn't lock them out. */
function staffChanges(
  current: ReadonlyMap<string, PersonState>,
  wanted: ReadonlyMap<string, PersonState>,
): string[] {
  if (wanted.size === 0) return [];
  const sorted = (staff: ReadonlyMap<string, PersonState>) =>
    new Map(
      [...staff].map(([email, person]) => {
        const roles = Object.fromEntries(
          person.roles.map(({ office, role, desk }) => [`${role} in ${office}`, desk ?? 'yes']),
        );
        return [email, { ...person, roles: person.retired ? {} : roles }] as const;
      }),
    );
  return keyedChanges('person', sorted(current), sorted(wanted));
}

type Staff = ReadonlyMap<string, PersonState>;

const postOf = (email: string, office: string) => `${email} in ${office}`;

/**
 * Returns both states without the console's decisions: retired people, and roles in offices that manage them. A person who is missing in
 * the file and has such a role stays, without other roles from an earlier file.
 */
export function withoutDecided(
  current: Staff,
  wanted: Staff,
  { retired, posts }: ConsoleDecisions,
): { current: Staff; wanted: Staff } {
  const isDecided = (email: string) => (role: PersonState['roles'][number]) =>
    posts.has(postOf(email, role.office));
  const left = (staff: Staff): [string, PersonState][] =>
    [...staff]
      .filter(([email]) => !retired.has(email))
      .map(([email, person]) => {
        const roles = person.roles.filter((role) => !isDecided(email)(role));
        return [email, { ...person, roles }];
      });
  const staying = [...current].filter(
    ([email, person]) =>
      !person.retired &&
      !wanted.has(email) &&
      posts.values().some((each) => each.startsWith(`${email} in `)),
  );
  const kept = staying.map(([email, person]): [string, PersonState] => [
    email,
    { ...person, operator: false, roles: [] },
  ]);
  // A file without people changes no people.
  const named = wanted.size > 0 ? kept : [];
  return { current: new Map(left(current)), wanted: new Map([...left(wanted), ...named]) };
}

/** Returns sentences about people in the file that are ignored, since the console has decided otherwise. */
export function keptDecisions(
  current: Staff,
  wanted: Staff,
  { retired, posts }: ConsoleDecisions,
): string[] {
  const words = (staff: Staff, email: string, office: string) =>
    (staff.get(email)?.roles ?? [])
      .filter((each) => each.office === office)
      .map(({ role, desk }) => (desk ? `${role} at ${desk}` : role))
      .sort()
      .join(', ');
  const people = [...retired].filter((email) => wanted.has(email));
  return [
    ...people.map((email) => `${email} was retired in the console and stays so`),
    ...[...posts].flatMap((post) => {
      const [email = '', office = ''] = post.split(' in ');
      if (!wanted.has(email) || retired.has(email)) return [];
      const is = words(current, email, office);
      return is === words(wanted, email, office)
        ? []
        : [`${post} stays as decided in the console: ${is || 'no role'}`];
    }),
  ].sort();
}

/** Returns the first few entries of a long list. */
function listed(changes: readonly string[]): string {
  const most = 6;
  const more = changes.length > most ? [`${changes.length - most} more`] : [];
  return [...changes.slice(0, most), ...more].join(', ');
}
