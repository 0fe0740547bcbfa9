import { clientAddress } from '../../address.ts';
import type { FillingVisit, FormDeps } from '../../citizen/cases/filling.ts';
import type { DeskVisit, StaffDeps } from '../visit.tsx';

/** The request of an official who helps somebody to fill in a form. */
export interface AssistedVisit extends FillingVisit {
  desk: DeskVisit;
  viewer: DeskVisit['viewer'];
  /** The encounter in which it was begun. */
  encounter: { appointment: string | null; isUnderway: boolean };
}

/** Returns what the pages of a form read and write with. */
export const formDepsOf = ({ cases, forms, residents, config }: StaffDeps): FormDeps => ({
  cases,
  forms,
  residents,
  baseUrl: config.baseUrl,
  addressOf: (c) => clientAddress(c, config.trustedProxies),
});

/** Returns the address of the overview of a form that an official helps with. */
export const formAt = ({ base }: Pick<DeskVisit, 'base'>, id: string): string =>
  `${base}/form/${id}`;

/** The pages of an applicant in whose place the official has the overview. */
const OVERVIEW: ReadonlySet<string> = new Set(['', 'check', 'done']);

/** Returns the request for the form of a case, whose pages are then those of the console; null: it isn't the viewer's, or was begun on-line. */
export async function assistedVisit(
  deps: StaffDeps,
  desk: DeskVisit,
): Promise<AssistedVisit | null> {
  const { c, t, now, viewer, office, dates, redirect } = desk;
  const id = c.req.param('id') ?? '';
  const encounter = await deps.cases.encounterOf(viewer, office, id);
  const found = encounter && (await deps.cases.open(viewer, office, id))?.case;
  const procedure = found && office.procedure(found.procedure);
  if (!encounter || !found || !procedure) return null;
  const at = formAt(desk, id);
  return {
    c,
    t,
    now,
    viewer,
    office,
    dates,
    redirect,
    desk,
    encounter,
    found,
    procedure,
    language: t.language,
    secret: id,
    session: null,
    handNames: (staff) => deps.staff.namesOf(staff),
    to: { case: (_, page = '') => (OVERVIEW.has(page) ? at : `${at}/${page}`) },
    show: ({ title, hasErrors, status, islands = [] }, children) =>
      desk.show({ title, hasErrors, status, islands }, <div class="filling">{children}</div>),
  };
}
