import type { Office } from '../../../../domain/office/types.ts';
import { within } from '../../../../lib/db/database.ts';
import { type ApplicantViewer, type StaffViewer, staffIn } from '../../../../lib/viewer.ts';
import { readById } from '../../../booking/appointments/views.ts';
import { type CasesDeps, findTheirs } from '../keeping.ts';
import { type CaseRow, DRAFT } from '../types.ts';
import { readCase } from '../views.ts';
import { readHeldHere, readTiesOf } from './views.ts';

/** How somebody is called and reached, as they gave it when they booked. Null: they did not. */
export interface BookedContact {
  /** Null too where they booked for somebody else. */
  name: string | null;
  email: string | null;
  /** E.164. */
  phone: string | null;
}

/** What a form can be filled in with of an appointment of its person. */
export interface Contacts {
  /**
   * Returns what was given at the appointment of a draft, or else at the last one of the identified person in this office; null: there is none, or
   * nothing shows that whoever looks may see it.
   */
  bookedContact(
    viewer: ApplicantViewer | StaffViewer,
    office: Office,
    id: string,
  ): Promise<BookedContact | null>;
}

export const createContacts = ({ db }: Pick<CasesDeps, 'db'>): Contacts => ({
  bookedContact: (viewer, office, id) =>
    within(db, office.id, async (tx) => {
      const row = await findTheirs({ tx, viewer, office: office.id }, id, readCase);
      if (row?.state !== DRAFT || !maySee(viewer, row)) return null;
      const person = viewer.kind === 'applicant' ? viewer.identified?.person : undefined;
      const tied = row.citizenOf ?? (await readTiesOf(tx, id)).at(-1)?.id;
      const last = tied ?? (person && (await readHeldHere(tx, person)));
      const booked = last ? await readById(tx, last) : null;
      if (!booked || booked.citizen.name === '') return null;
      const { name, email, phone } = booked.citizen;
      return { name: booked.onBehalfOf === null ? name : null, email, phone };
    }),
});

/**
 * Returns whether somebody who opens a draft may see what was given at its appointment: those who attend, an identified person whose draft it is,
 * whoever has typed a code, and whoever has the link of what an official began, which is on the page of the appointment.
 */
const maySee = (viewer: ApplicantViewer | StaffViewer, { level, openedBy }: CaseRow): boolean =>
  viewer.kind === 'staff' || level !== 'none' || staffIn(openedBy) !== null || !!viewer.proof;
