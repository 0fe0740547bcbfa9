import type { Appointment, Ask } from '../../../../domain/appointment.ts';
import type { Office } from '../../../../domain/office/types.ts';
import type { Details } from '../../../../domain/person.ts';
import type { Language } from '../../../../lib/i18n/languages.ts';
import type { StaffViewer } from '../../../../lib/viewer.ts';
import type { Assistance } from '../../assistance/service.ts';
import type { EncounterService } from '../../encounter/service.ts';
import type { Cases } from '../service.ts';
import { DRAFT } from '../types.ts';

/** Who is served now, about what, and how. */
export type Unbooked = Ask & Details & { noticeLanguage: Language };

/** `case`: the form that was opened for them; null: none. */
export type ServeResult =
  | { ok: true; appointment: string; case: string | null }
  | { ok: false; reason: 'not_allowed' | 'no_desk' | 'unknown_procedure' }
  | { ok: false; reason: 'repeated'; appointment: Appointment };

/** Serving people who come or call without an appointment (docs/adr/0115). */
export interface ServeUnbooked {
  /**
   * Books an appointment that begins now at the viewer's desk, begins its encounter, and opens the form of its procedure where it is wanted. Sent
   * twice it goes on with what the first one made. `key`: of the form that is sent.
   */
  serveUnbooked(
    viewer: StaffViewer,
    office: Office,
    who: Unbooked,
    how: { key: string; withForm: boolean },
  ): Promise<ServeResult>;
}

export interface ServeUnbookedDeps {
  assistance: Pick<Assistance, 'bookUnbooked'>;
  encounter: Pick<EncounterService, 'start'>;
  cases: Pick<Cases, 'casesAt' | 'beginIn'>;
}

export const createServeUnbooked = ({
  assistance,
  encounter,
  cases,
}: ServeUnbookedDeps): ServeUnbooked => ({
  async serveUnbooked(viewer, office, who, { key, withForm }) {
    const booked = await assistance.bookUnbooked(viewer, office, who, key);
    if (!booked.ok) return booked;
    const { id } = booked.appointment;
    // Somebody else may be served at this desk still: the official knows it. What was begun before goes on.
    await encounter.start(viewer, office, id, { anyway: true });
    if (!withForm) return { ok: true, appointment: id, case: null };
    const procedure = office.procedure(who.procedure);
    const here = (await cases.casesAt(viewer, office, id)) ?? [];
    const begun = here.find((each) => each.procedure === procedure?.id && each.state === DRAFT);
    if (begun) return { ok: true, appointment: id, case: begun.id };
    const done = await cases.beginIn(viewer, office, { appointment: id }, who.procedure);
    return { ok: true, appointment: id, case: done.ok ? done.id : null };
  },
});
