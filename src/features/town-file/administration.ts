import { createHash } from 'node:crypto';
import type { Clock } from '../../lib/clock.ts';
import { type Db, type Tx, within } from '../../lib/db/database.ts';
import type { StaffViewer } from '../../lib/viewer.ts';
import { record } from '../audit/service.ts';
import { checkTown, type Finding } from './check.ts';
import { strandedBy } from './coverage.ts';
import { type Difference, differences } from './differences.ts';
import { briefAddress, isFile } from './logo.ts';
import { wantedState } from './state.ts';
import { saveBody, seizeBody } from './store.ts';
import type { BodyState, Stranded, TownAbsence, TownState } from './types.ts';
import { readFutureAppointments, readHeldDesks, readState } from './views.ts';
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
}

export type Edited =
  | { ok: true; differences: Difference[] }
  | { ok: false; reason: 'not_found' }
  /** Somebody else has changed the part since. */
  | { ok: false; reason: 'changed' }
  /** Paths begin in the body. */
  | { ok: false; reason: 'mistakes'; findings: Finding[] }
  | { ok: false; reason: 'appointments_without_agent'; stranded: Stranded[] };

/** A body's declaration, read and changed by its administrator. For anybody else it isn't there. */
export interface Administration {
  read(viewer: StaffViewer): Promise<Declaration | null>;
  /**
   * Changes the declaration as a town file would: the same checks, the same plan, the same store, and nobody can book
   * meanwhile. Who changed what, before and after, is on the audit trail.
   */
  edit(viewer: StaffViewer, edit: Edit): Promise<Edited>;
}

export const mayAdminister = (viewer: StaffViewer): boolean => viewer.role === 'administrator';

/** A part of a declaration in few characters, to tell whether it has changed since; the order of keys counts. */
export const fingerprint = (part: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(part) ?? '')
    .digest('base64url')
    .slice(0, 16);

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
        if (stranded.length > 0)
          return { ok: false, reason: 'appointments_without_agent', stranded };

        const before = checkTown(town).town;
        const was = before ? placed(wantedState(before), code, state.position) : current;
        const [from, to] = [plain(was), plain(wanted)];
        const changes = differences(from, to);
        const next = wanted.bodies.get(code);
        if (changes.length === 0 || !next) return { ok: true, differences: [] };
        await saveBody(tx, code, next, now);
        const data = { changes: differences(inTrail(from), inTrail(to)) };
        await record(tx, { viewer, body: viewer.body, action: 'declared', now, data });
        return { ok: true, differences: changes };
      }),
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

/** A state's body as plain groups, to be compared. */
function plain({ bodies }: TownState): Writing {
  const [body] = bodies.values();
  if (!body) return {};
  const { settings, procedures, agents, shifts, absences, closures } = body;
  const order = [...procedures.keys()];
  return {
    ...settings,
    procedures: standingOf(procedures, (each) => each.settings),
    'procedures in order': order,
    agents: standingOf(agents, (each) => each),
    ...{ shifts, absences, closures },
  };
}

/** As it stands on the trail for good: without reasons, and a picture in a few words. */
const inTrail = (body: Writing): Writing =>
  JSON.parse(
    JSON.stringify(withoutReasons(body), (_, each) =>
      typeof each === 'string' && isFile(each) ? briefAddress(each) : each,
    ),
  );

/** Why somebody is absent may tell of their health: nothing that can't be erased says it. */
const withoutReasons = (body: Writing): Writing => ({
  ...body,
  absences: ((body.absences ?? []) as TownAbsence[]).map(({ why: _, ...each }) => each),
});

const standingOf = <T extends { retired: boolean }>(
  things: ReadonlyMap<string, T>,
  of: (thing: T) => unknown,
): Writing =>
  Object.fromEntries(
    [...things].filter(([, each]) => !each.retired).map(([code, each]) => [code, of(each)]),
  );
