import { type Periods, type Shorter, shorterPeriods } from '../../../domain/office/retention.ts';
import { can } from '../../../domain/roles.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, type Tx, within } from '../../../lib/db/database.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import { record } from '../../foundation/audit/service.ts';
import { checkTown, type Finding } from './check.ts';
import { strandedBy } from './coverage.ts';
import { type Difference, differences } from './differences.ts';
import { fingerprint } from './fingerprint.ts';
import { wantedState } from './state.ts';
import { lockOffice, saveOffice } from './store.ts';
import { plainOffice, trailOf } from './trail.ts';
import type { OfficeState, Stranded, TownState } from './types.ts';
import {
  type CountDue,
  type DeletionPreview,
  readDeletionPreview,
  readFutureAppointments,
  readHeldDesks,
  readState,
} from './views.ts';
import { fullOffice, type Writing, writtenTown } from './written.ts';

/** What an office declares, as its part of the town file has it. */
export interface Declaration {
  /** The office as it is written, without defaults. */
  office: Writing;
  /** The same with defaults. */
  full: Writing;
  state: OfficeState;
  /** What there is to say about it, such as texts that are missing; paths begin in the office. */
  findings: Finding[];
  /** Desks that somebody who works here has. */
  held: ReadonlySet<string>;
}

/** One change of a declaration. */
export interface Edit {
  /** What the form showed. */
  part: (office: Writing) => unknown;
  /** The `fingerprint` of the part as it was shown; null: whatever it is by now. */
  was: string | null;
  /** The declaration as it should be. */
  change: (office: Writing, state: OfficeState) => Writing;
  /** The `fingerprint` of the periods that may become shorter, from who has been shown what that destroys. */
  agreed?: string;
}

export type Edited =
  | { ok: true; differences: Difference[] }
  | { ok: false; reason: 'not_found' }
  /** Somebody else has changed the part since. */
  | { ok: false; reason: 'changed' }
  /** Paths begin in the office. */
  | { ok: false; reason: 'mistakes'; findings: Finding[] }
  /** More would be destroyed at once, and nobody has agreed to that. */
  | { ok: false; reason: 'shorter'; shorter: Shorter[] }
  | { ok: false; reason: 'appointments_without_desk'; stranded: Stranded[] };

/** An office's declaration, read and changed by its administrator. For anybody else it isn't there. */
export interface Administration {
  read(viewer: StaffViewer): Promise<Declaration | null>;
  /**
   * Changes the declaration as a town file would: the same checks, the same plan, the same store, and nobody can book
   * meanwhile. Who changed what, before and after, is on the audit trail, and so is whose appointments a refusal showed.
   */
  edit(viewer: StaffViewer, edit: Edit): Promise<Edited>;
  /** How much the office would keep no longer with these periods; null for who isn't its administrator. */
  previewDeletion(viewer: StaffViewer, settings: Periods): Promise<DeletionPreview | null>;
}

export const mayAdminister = (viewer: StaffViewer): boolean => can(viewer, 'administer');

export interface AdministrationDeps {
  db: Db;
  clock: Clock;
  countDue: CountDue;
}

export function createAdministration(deps: AdministrationDeps): Administration {
  const { db, clock, countDue } = deps;
  /** Row-level security shows one office here, and no accounts. */
  const standing = async (tx: Tx) => {
    const current = await readState(tx);
    const [code, state] = [...current.offices][0] ?? [];
    if (!code || !state || state.retired) return null;
    const town = writtenTown(current);
    return {
      current,
      code,
      state,
      town,
      office: (town.offices as Record<string, Writing>)[code] ?? {},
    };
  };

  return {
    read: (viewer) =>
      within(db, viewer.office, async (tx) => {
        const found = mayAdminister(viewer) ? await standing(tx) : null;
        if (!found) return null;
        const { town, code, office, state } = found;
        const { findings } = checkTown(town);
        const held = new Set(await readHeldDesks(tx));
        const full = fullOffice(state, found.current.town);
        return { office, full, state, findings: below(findings, code), held };
      }),

    edit: (viewer, edit) =>
      within(db, viewer.office, async (tx): Promise<Edited> => {
        if (!mayAdminister(viewer)) return { ok: false, reason: 'not_found' };
        await lockOffice(tx, viewer.office);
        const found = await standing(tx);
        if (!found) return { ok: false, reason: 'not_found' };
        const { current, code, state, town, office } = found;
        if (edit.was !== null && edit.was !== fingerprint(edit.part(office)))
          return { ok: false, reason: 'changed' };

        const checked = checkTown({ ...town, offices: { [code]: edit.change(office, state) } });
        const wrong = checked.findings.filter((each) => each.grade === 'mistake');
        if (!checked.town) {
          const here = below(wrong, code);
          return { ok: false, reason: 'mistakes', findings: here.length > 0 ? here : wrong };
        }
        const now = clock.now();
        const wanted = placed(wantedState(checked.town), code, state.position);
        const bereft = (await readHeldDesks(tx)).filter(
          (each) => !wanted.offices.get(code)?.desks.has(each),
        );
        if (bereft.length > 0)
          return { ok: false, reason: 'mistakes', findings: bereft.map(heldDesk) };
        const stranded = strandedBy(current, wanted, await readFutureAppointments(tx, now));
        if (stranded.length > 0) {
          const data = { appointments: stranded.map((each) => each.id) };
          await record(tx, {
            viewer,
            office: viewer.office,
            action: 'declaring_refused',
            now,
            data,
          });
          return { ok: false, reason: 'appointments_without_desk', stranded };
        }

        const next = wanted.offices.get(code);
        if (!next) return { ok: false, reason: 'not_found' };
        const shorter = shorterPeriods(state.settings.retention, next.settings.retention);
        if (shorter.length > 0 && edit.agreed !== fingerprint(shorter))
          return { ok: false, reason: 'shorter', shorter };
        const before = checkTown(town).town;
        const was = before && wantedState(before).offices.get(code);
        const [from, to] = [plainOffice(was ?? state), plainOffice(next)];
        const changes = differences(from, to);
        if (changes.length === 0) return { ok: true, differences: [] };
        await saveOffice(tx, code, next, now);
        const data = { changes: trailOf(from, to) };
        await record(tx, { viewer, office: viewer.office, action: 'declared', now, data });
        return { ok: true, differences: changes };
      }),

    previewDeletion: async (viewer, settings) =>
      mayAdminister(viewer)
        ? within(db, viewer.office, (tx) =>
            readDeletionPreview(tx, viewer.office, settings, clock.now(), countDue),
          )
        : null,
  };
}

/** What is said of this office, with paths that begin in it. */
const below = (findings: readonly Finding[], code: string): Finding[] =>
  findings
    .filter(({ field }) => field[0] === 'offices' && field[1] === code)
    .map((each) => ({ ...each, field: each.field.slice(2) }));

/** Somebody who works here would lose their desk with it. */
function heldDesk(desk: string): Finding {
  const field = ['desks', desk];
  const message = `Somebody works at ${desk}: give them another desk first.`;
  return { grade: 'mistake', path: field, field, part: 'key', message, slip: { kind: 'held' } };
}

/** The state with the office at its place among the town's, which one office's declaration doesn't tell. */
function placed(state: TownState, code: string, position: number): TownState {
  const offices = [...state.offices].map(
    ([each, office]) => [each, each === code ? { ...office, position } : office] as const,
  );
  return { ...state, offices: new Map(offices) };
}
