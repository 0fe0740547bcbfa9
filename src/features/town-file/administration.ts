import { can } from '../../domain/roles.ts';
import type { Clock } from '../../lib/clock.ts';
import { type Db, type Tx, within } from '../../lib/db/database.ts';
import type { StaffViewer } from '../../lib/viewer.ts';
import { record } from '../audit/service.ts';
import { checkTown, type Finding } from './check.ts';
import { strandedBy } from './coverage.ts';
import { type Difference, differences } from './differences.ts';
import { fingerprint } from './fingerprint.ts';
import { type Periods, type Shorter, shorterPeriods } from './retention.ts';
import { wantedState } from './state.ts';
import { saveBody, seizeBody } from './store.ts';
import { plainBody, trailOf } from './trail.ts';
import type { BodyState, Stranded, TownState } from './types.ts';
import {
  type Doomed,
  readDoomed,
  readFutureAppointments,
  readHeldDesks,
  readState,
} from './views.ts';
import { fullBody, type Writing, writtenTown } from './written.ts';

/** What a body declares, as its part of the town file has it. */
export interface Declaration {
  /** The body as it is written; what goes without saying isn't there. */
  body: Writing;
  /** The same with what goes without saying in it. */
  full: Writing;
  state: BodyState;
  /** What there is to say about it, such as texts that are missing; paths begin in the body. */
  findings: Finding[];
  /** Desks that somebody who works here has. */
  held: ReadonlySet<string>;
}

/** One change of a declaration. */
export interface Edit {
  /** What the form showed. */
  part: (body: Writing) => unknown;
  /** The `fingerprint` of the part as it was shown; null: whatever it is by now. */
  was: string | null;
  /** The declaration as it should be. */
  change: (body: Writing, state: BodyState) => Writing;
  /** The `fingerprint` of the periods that may become shorter, from who has been shown what that destroys. */
  agreed?: string;
}

export type Edited =
  | { ok: true; differences: Difference[] }
  | { ok: false; reason: 'not_found' }
  /** Somebody else has changed the part since. */
  | { ok: false; reason: 'changed' }
  /** Paths begin in the body. */
  | { ok: false; reason: 'mistakes'; findings: Finding[] }
  /** More would be destroyed at once, and nobody has agreed to that. */
  | { ok: false; reason: 'shorter'; shorter: Shorter[] }
  | { ok: false; reason: 'appointments_without_agent'; stranded: Stranded[] };

/** A body's declaration, read and changed by its administrator. For anybody else it isn't there. */
export interface Administration {
  read(viewer: StaffViewer): Promise<Declaration | null>;
  /**
   * Changes the declaration as a town file would: the same checks, the same plan, the same store, and nobody can book
   * meanwhile. Who changed what, before and after, is on the audit trail, and so is whose appointments a refusal showed.
   */
  edit(viewer: StaffViewer, edit: Edit): Promise<Edited>;
  /** How much the body would keep no longer with these periods; null for who isn't its administrator. */
  doomedBy(viewer: StaffViewer, settings: Periods): Promise<Doomed | null>;
}

export const mayAdminister = (viewer: StaffViewer): boolean => can(viewer, 'administer');

export function createAdministration({ db, clock }: { db: Db; clock: Clock }): Administration {
  /** Within the walls of the body there is one body, and nobody's account. */
  const standing = async (tx: Tx) => {
    const current = await readState(tx);
    const [code, state] = [...current.bodies][0] ?? [];
    if (!code || !state || state.retired) return null;
    const town = writtenTown(current);
    return {
      current,
      code,
      state,
      town,
      body: (town.bodies as Record<string, Writing>)[code] ?? {},
    };
  };

  return {
    read: (viewer) =>
      within(db, viewer.body, async (tx) => {
        const found = mayAdminister(viewer) ? await standing(tx) : null;
        if (!found) return null;
        const { town, code, body, state } = found;
        const { findings } = checkTown(town);
        const held = new Set(await readHeldDesks(tx));
        const full = fullBody(state, found.current.town);
        return { body, full, state, findings: below(findings, code), held };
      }),

    edit: (viewer, edit) =>
      within(db, viewer.body, async (tx): Promise<Edited> => {
        if (!mayAdminister(viewer)) return { ok: false, reason: 'not_found' };
        await seizeBody(tx, viewer.body);
        const found = await standing(tx);
        if (!found) return { ok: false, reason: 'not_found' };
        const { current, code, state, town, body } = found;
        if (edit.was !== null && edit.was !== fingerprint(edit.part(body)))
          return { ok: false, reason: 'changed' };

        const checked = checkTown({ ...town, bodies: { [code]: edit.change(body, state) } });
        const wrong = checked.findings.filter((each) => each.grade === 'mistake');
        if (!checked.town) {
          const here = below(wrong, code);
          return { ok: false, reason: 'mistakes', findings: here.length > 0 ? here : wrong };
        }
        const now = clock.now();
        const wanted = placed(wantedState(checked.town), code, state.position);
        const bereft = (await readHeldDesks(tx)).filter(
          (each) => !wanted.bodies.get(code)?.agents.has(each),
        );
        if (bereft.length > 0)
          return { ok: false, reason: 'mistakes', findings: bereft.map(heldDesk) };
        const stranded = strandedBy(current, wanted, await readFutureAppointments(tx, now));
        if (stranded.length > 0) {
          const data = { appointments: stranded.map((each) => each.id) };
          await record(tx, { viewer, body: viewer.body, action: 'declaring_refused', now, data });
          return { ok: false, reason: 'appointments_without_agent', stranded };
        }

        const next = wanted.bodies.get(code);
        if (!next) return { ok: false, reason: 'not_found' };
        const shorter = shorterPeriods(state.settings.retention, next.settings.retention);
        if (shorter.length > 0 && edit.agreed !== fingerprint(shorter))
          return { ok: false, reason: 'shorter', shorter };
        const before = checkTown(town).town;
        const was = before && wantedState(before).bodies.get(code);
        const [from, to] = [plainBody(was ?? state), plainBody(next)];
        const changes = differences(from, to);
        if (changes.length === 0) return { ok: true, differences: [] };
        await saveBody(tx, code, next, now);
        const data = { changes: trailOf(from, to) };
        await record(tx, { viewer, body: viewer.body, action: 'declared', now, data });
        return { ok: true, differences: changes };
      }),

    doomedBy: async (viewer, settings) =>
      mayAdminister(viewer)
        ? within(db, viewer.body, (tx) => readDoomed(tx, viewer.body, settings, clock.now()))
        : null,
  };
}

/** What is said of this body, with paths that begin in it. */
const below = (findings: readonly Finding[], code: string): Finding[] =>
  findings
    .filter(({ field }) => field[0] === 'bodies' && field[1] === code)
    .map((each) => ({ ...each, field: each.field.slice(2) }));

/** Somebody who works here would lose their desk with it. */
function heldDesk(desk: string): Finding {
  const field = ['agents', desk];
  const message = `Somebody works at ${desk}: give them another desk first.`;
  return { grade: 'mistake', path: field, field, part: 'key', message, slip: { kind: 'held' } };
}

/** The state with the body at its place among the town's, which one body's declaration doesn't tell. */
function placed(state: TownState, code: string, position: number): TownState {
  const bodies = [...state.bodies].map(
    ([each, body]) => [each, each === code ? { ...body, position } : body] as const,
  );
  return { ...state, bodies: new Map(bodies) };
}
