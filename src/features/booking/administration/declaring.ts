import { shorterPeriods } from '../../../domain/office/retention.ts';
import type { TownState } from '../../../domain/office/state.ts';
import { differences } from '../../../formats/town-file/changes/differences.ts';
import { fingerprint } from '../../../formats/town-file/changes/fingerprint.ts';
import { checkTown, type Finding } from '../../../formats/town-file/reading/check.ts';
import { wantedState } from '../../../formats/town-file/reading/state.ts';
import { differenceOf } from '../../../formats/town-file/versions/difference.ts';
import { type OlderText, olderTexts } from '../../../formats/town-file/versions/older.ts';
import { type Writing, writtenTown } from '../../../formats/town-file/writing/written.ts';
import type { Tx } from '../../../lib/db/database.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import { saveOffice } from '../../foundation/offices/service.ts';
import { strandedBy } from './coverage.ts';
import { plainOffice, trailOf } from './trail.ts';
import type { Edit, Edited, History } from './types.ts';
import { declaredLeaves, type Kept, keepVersion } from './versions.ts';
import { readFutureAppointments, readHeldDesks, readState, readVersions } from './views.ts';

export type Declared = NonNullable<Awaited<ReturnType<typeof readDeclared>>>;

/** Returns the office's declaration. Row-level security shows only this office, and no accounts. */
export async function readDeclared(tx: Tx) {
  const current = await readState(tx);
  const [code, state] = [...current.offices][0] ?? [];
  if (!code || !state || state.retired) return null;
  const town = writtenTown(current);
  const office = (town.offices as Record<string, Writing>)[code] ?? {};
  return { current, code, state, town, office };
}

export async function readHistory(
  tx: Tx,
  office: number,
  { state, current }: Declared,
): Promise<History> {
  const leaves = declaredLeaves({ state, town: current.town });
  return { versions: await readVersions(tx, office), leaves };
}

export const olderIn = (
  { versions, leaves }: History,
  { settings }: Declared['state'],
): OlderText[] => olderTexts(versions, leaves, settings.languages[0] ?? 'ca');

/** Checks a change of a locked office, and saves it as a new version. */
export async function declare(
  unit: Unit<StaffViewer>,
  found: Declared,
  change: Edit,
  how: Kept,
): Promise<Edited> {
  const { tx, now } = unit;
  const checked = checkEdit(found, change);
  if (!checked.ok) return checked;
  const { wanted } = checked;
  const bereft = (await readHeldDesks(tx)).filter(
    (each) => !wanted.offices.get(found.code)?.desks.has(each),
  );
  if (bereft.length > 0) return { ok: false, reason: 'mistakes', findings: bereft.map(heldDesk) };
  const future = await readFutureAppointments(tx, now);
  const stranded = strandedBy(found.current, wanted, future);
  if (stranded.length > 0) {
    const data = { appointments: stranded.map((each) => each.id) };
    await unit.record('declaring_refused', { data });
    return { ok: false, reason: 'appointments_without_desk', stranded };
  }
  return saveEdit(unit, found, wanted, { agreed: change.agreed, how });
}

/** Returns the state after the edit, or its errors. */
export function checkEdit(
  { code, state, town, office }: Declared,
  { change }: Edit,
): { ok: true; wanted: TownState } | Extract<Edited, { reason: 'mistakes' }> {
  const checked = checkTown({ ...town, offices: { [code]: change(office, state) } });
  if (checked.town)
    return { ok: true, wanted: placed(wantedState(checked.town), code, state.position) };
  const wrong = checked.findings.filter((each) => each.grade === 'mistake');
  const here = below(wrong, code);
  return { ok: false, reason: 'mistakes', findings: here.length > 0 ? here : wrong };
}

async function saveEdit(
  unit: Unit,
  { code, state, town, current }: Declared,
  wanted: TownState,
  { agreed, how }: { agreed: string | undefined; how: Kept },
): Promise<Edited> {
  const { now, record, office } = unit;
  const next = wanted.offices.get(code);
  if (!next) return { ok: false, reason: 'not_found' };
  const shorter = shorterPeriods(state.settings.retention, next.settings.retention);
  if (shorter.length > 0 && agreed !== fingerprint(shorter))
    return { ok: false, reason: 'shorter', shorter };
  const before = checkTown(town).town;
  const was = (before && wantedState(before).offices.get(code)) ?? state;
  const from = plainOffice(was);
  const to = plainOffice(next);
  const changes = differences(from, to);
  if (changes.length > 0) await saveOffice(unit, code, next, now);
  const of = (each: typeof next) => ({ state: each, town: current.town });
  const stillRight = await olderAmong(
    unit,
    { before: of(was), after: of(next) },
    how.stillRight ?? [],
  );
  const version = await keepVersion(
    unit,
    office,
    { before: of(was), after: of(next) },
    { ...how, stillRight },
  );
  const numbered = { ...(version !== null && { version }) };
  if (changes.length > 0)
    await record('declared', { data: { changes: trailOf(from, to), ...numbered } });
  if (how.kind === 'reverted' && version !== null)
    await record('declaration_reverted', { data: { backTo: how.backTo ?? null, ...numbered } });
  if (stillRight.length > 0)
    await record('translation_confirmed', { data: { texts: stillRight, ...numbered } });
  const confirmed = stillRight.length;
  return { ok: true, differences: changes, ...(confirmed > 0 && { confirmed }) };
}

/** Returns those of the texts that are older than their original after the change, with their paths then. */
async function olderAmong(
  { tx, office }: Unit,
  change: { before: Stated; after: Stated },
  paths: readonly string[],
): Promise<string[]> {
  if (paths.length === 0) return [];
  const versions = await readVersions(tx, office);
  const [before, after] = [declaredLeaves(change.before), declaredLeaves(change.after)];
  const number = (versions.at(-1)?.number ?? 0) + 1;
  const difference = differenceOf(before, after);
  const next = { number, kind: 'edited', difference, stillRight: [] } as const;
  const languageOf = ({ state }: Stated) => state.settings.languages[0] ?? 'ca';
  const shown = olderTexts(versions, before, languageOf(change.before));
  const now = olderTexts([...versions, next], after, languageOf(change.after));
  return paths.flatMap((path) => {
    const exact = now.find((each) => each.path === path);
    const text = shown.find((each) => each.path === path)?.text ?? exact?.text;
    if (text === undefined || exact?.text === text) return exact ? path : [];
    // Rows may have moved.
    const moved = now.find((each) => each.text === text && listed(each.path) === listed(path));
    return moved?.path ?? [];
  });
}

interface Stated {
  state: Declared['state'];
  town: TownState['town'];
}

/** Returns a path without the numbers of rows. */
const listed = (path: string): string => path.replaceAll(/\.\d+(?=\.)/g, '.*');

/** Returns the messages about this office, with paths that begin in it. */
export const below = (findings: readonly Finding[], code: string): Finding[] =>
  findings
    .filter(({ field }) => field[0] === 'offices' && field[1] === code)
    .map((each) => ({ ...each, field: each.field.slice(2) }));

/** The change would remove the desk of a member of staff. */
function heldDesk(desk: string): Finding {
  const field = ['desks', desk];
  const message = `Somebody works at ${desk}: give them another desk first.`;
  return { grade: 'mistake', path: field, field, part: 'key', message, slip: { kind: 'held' } };
}

/** Returns the state with the office in its place among the town's offices. */
function placed(state: TownState, code: string, position: number): TownState {
  const offices = [...state.offices].map(
    ([each, office]) => [each, each === code ? { ...office, position } : office] as const,
  );
  return { ...state, offices: new Map(offices) };
}
