import { within } from '../../../../lib/db/database.ts';
import type { ApplicantViewer } from '../../../../lib/viewer.ts';
import { readById } from '../../../booking/appointments/views.ts';
import { aboutAppointment } from '../../../foundation/audit/service.ts';
import { type CasesDeps, findTheirs } from '../keeping.ts';
import { readCaseForUpdate } from '../views.ts';
import { insertTie, insertWaitingFor } from './store.ts';
import { readWaitedFor } from './views.ts';

/** An entry of the wait list, and its office. */
interface Entry {
  id: string;
  office: number;
}

/** Waiting for an appointment about a case: what is offered and taken is about it. */
export interface WaitingFor {
  /** Keeps that the person of a case waits for an appointment about it. Returns whether the case is theirs. */
  waitAbout(viewer: ApplicantViewer, entry: Entry, id: string): Promise<boolean>;
  /** Returns the reference of the case about which somebody waits; null: about none. */
  waitedFor(entry: Entry): Promise<string | null>;
  /**
   * Ties the appointment that somebody got by an offer to the case about which they waited. Its person allowed it when they joined: whoever has the link
   * of the entry chooses no case. Again it changes nothing.
   */
  tieWaited(entry: Entry, appointment: string): Promise<void>;
}

export function createWaitingFor({ db, unit }: Pick<CasesDeps, 'db' | 'unit'>): WaitingFor {
  return {
    waitAbout: (viewer, { id: waiting, office }, id) =>
      unit(viewer, office, async (each) => {
        const row = await findTheirs(each, id, readCaseForUpdate);
        if (row) await insertWaitingFor(each, { case: id, waiting });
        return row !== null;
      }),

    waitedFor: ({ id, office }) =>
      within(db, office, async (tx) => (await readWaitedFor(tx, id))?.reference ?? null),

    tieWaited: ({ id: waiting, office }, appointment) =>
      unit({ kind: 'waiting', waiting }, office, async (each) => {
        const found = await readWaitedFor(each.tx, waiting);
        const booked = found && (await readById(each.tx, appointment));
        if (booked && (await insertTie(each, { case: found.id, appointment })))
          await each.record('case_tied', aboutAppointment(booked, { case: found.id }));
      }),
  };
}
