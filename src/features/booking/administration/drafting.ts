import { fingerprint } from '../../../formats/town-file/changes/fingerprint.ts';
import { same } from '../../../formats/town-file/changes/same.ts';
import { checkTown } from '../../../formats/town-file/reading/check.ts';
import {
  applied,
  differenceOf,
  type Replaced,
} from '../../../formats/town-file/versions/difference.ts';
import { type Leaves, withDeclared } from '../../../formats/town-file/versions/leaves.ts';
import {
  fullOffice,
  type Writing,
  writtenTown,
} from '../../../formats/town-file/writing/written.ts';
import type { Tx } from '../../../lib/db/database.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import { lockOffice } from '../../foundation/offices/service.ts';
import { below, checkEdit, type Declared, declare, readDeclared } from './declaring.ts';
import { putDraft } from './store.ts';
import type { Draft, DraftChange, Edit, Edited } from './types.ts';
import { declaredLeaves } from './versions.ts';
import { readDraftChanges } from './views.ts';

/** Returns the draft of an office; null: it has none. */
export async function readDraftOf(tx: Tx, office: number, found: Declared): Promise<Draft | null> {
  const changes = await readDraftChanges(tx, office);
  if (changes.length === 0) return null;
  const leaves = publishedLeaves(found);
  return {
    changes,
    mark: fingerprint([changes, [...leaves]]),
    drafted: draftedOf(found, applied(leaves, changes)),
  };
}

const publishedLeaves = ({ state, current }: Declared): Leaves =>
  declaredLeaves({ state, town: current.town });

/** Returns the office with these leaves, and its own rotas and names. */
const writtenWith = ({ office, state }: Declared, leaves: Leaves): Writing =>
  withDeclared(office, leaves, (desk) => state.desks.get(desk)?.name ?? desk);

function draftedOf(found: Declared, leaves: Leaves): Draft['drafted'] {
  const { code, current } = found;
  const change: Edit = { part: () => null, was: null, change: () => writtenWith(found, leaves) };
  const checked = checkEdit(found, change);
  const state = checked.ok ? checked.wanted.offices.get(code) : undefined;
  if (!state) return null;
  const offices = new Map([[code, state]]);
  const town = writtenTown({ ...current, offices });
  const office = (town.offices as Record<string, Writing>)[code] ?? {};
  const full = fullOffice(state, current.town);
  return { office, full, state, findings: below(checkTown(town).findings, code) };
}

/** Puts a change into the draft, on top of what is there. */
export async function saveDraft(unit: Unit<StaffViewer>, change: Edit): Promise<Edited> {
  const { tx, office } = unit;
  await lockOffice(unit, office);
  const found = await readDeclared(tx);
  if (!found) return { ok: false, reason: 'not_found' };
  const draft = await readDraftOf(tx, office, found);
  const base: Declared = draft?.drafted
    ? { ...found, office: draft.drafted.office, state: draft.drafted.state }
    : found;
  if (change.was !== null && change.was !== fingerprint(change.part(base.office)))
    return { ok: false, reason: 'changed' };
  const checked = checkEdit(base, change);
  if (!checked.ok) return checked;
  const state = checked.wanted.offices.get(found.code);
  if (!state) return { ok: false, reason: 'not_found' };
  const wanted = declaredLeaves({ state, town: found.current.town });
  const replaced = differenceOf(publishedLeaves(found), wanted);
  const before = draft?.changes ?? [];
  const changes = signed(unit, before, replaced);
  if (same(plain(before), plain(changes))) return { ok: true, differences: [] };
  await putDraft(unit, office, changes);
  const fresh = changes.filter((each) => !before.includes(each)).map(({ path }) => path);
  await unit.record('draft_saved', { data: { paths: fresh } });
  return { ok: true, differences: replaced.map(toDifference) };
}

const plain = (changes: readonly DraftChange[]) => changes.map(({ path, to }) => ({ path, to }));

const toDifference = ({ path, from, to }: Replaced) => ({ path, from, to });

/** Returns the changes of a draft: those that were there already keep their author. */
const signed = (
  { viewer, now }: Unit<StaffViewer>,
  before: readonly DraftChange[],
  replaced: readonly Replaced[],
): DraftChange[] =>
  replaced.map((each) => {
    const known = before.find(({ path, to }) => path === each.path && same(to, each.to));
    return known ?? { ...each, by: viewer.staff, at: now };
  });

/** Publishes the draft as a version. */
export async function publishDraft(
  unit: Unit<StaffViewer>,
  { was, agreed }: { was: string; agreed?: string },
): Promise<Edited> {
  const { tx, office } = unit;
  await lockOffice(unit, office);
  const found = await readDeclared(tx);
  const draft = found && (await readDraftOf(tx, office, found));
  if (!found || !draft) return { ok: false, reason: 'not_found' };
  if (draft.mark !== was) return { ok: false, reason: 'changed' };
  const leaves = applied(publishedLeaves(found), draft.changes);
  const change: Edit = {
    part: () => null,
    was: null,
    change: () => writtenWith(found, leaves),
    ...(agreed !== undefined && { agreed }),
  };
  const edited = await declare(unit, found, change, { kind: 'published' });
  if (!edited.ok) return edited;
  await putDraft(unit, office, []);
  await unit.record('draft_published', { data: { paths: draft.changes.map(({ path }) => path) } });
  return edited;
}

/** Drops some changes of the draft, or all. */
export async function dropDraft(
  unit: Unit<StaffViewer>,
  { was, paths }: { was: string; paths: readonly string[] | 'all' },
): Promise<Edited> {
  const { tx, office } = unit;
  await lockOffice(unit, office);
  const found = await readDeclared(tx);
  const draft = found && (await readDraftOf(tx, office, found));
  if (!draft) return { ok: false, reason: 'not_found' };
  if (draft.mark !== was) return { ok: false, reason: 'changed' };
  const isDropped = ({ path }: DraftChange) => paths === 'all' || paths.includes(path);
  const dropped = draft.changes.filter(isDropped);
  await putDraft(
    unit,
    office,
    draft.changes.filter((each) => !isDropped(each)),
  );
  await unit.record('draft_dropped', { data: { paths: dropped.map(({ path }) => path) } });
  return { ok: true, differences: dropped.map(toDifference) };
}

/** Removes what is published by now from the draft. */
export async function pruneDraft(unit: Unit<StaffViewer>): Promise<void> {
  const { tx, office } = unit;
  const found = await readDeclared(tx);
  if (!found) return;
  const leaves = publishedLeaves(found);
  const changes = await readDraftChanges(tx, office);
  const left = changes.filter(({ path, to }) => !same(leaves.get(path), to));
  if (left.length < changes.length) await putDraft(unit, office, left);
}
