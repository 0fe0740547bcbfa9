import { can } from '../../../domain/roles.ts';
import { mayLookAtPeople } from '../../../features/foundation/people/rules.ts';
import { mayCoordinate } from '../../../features/service/coordination/rules.ts';
import { mayAssist } from '../../../features/service/encounter/rules.ts';
import { mayChangeRota } from '../../../features/service/rota/rules.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { adminPages } from '../../admin/index-page.tsx';
import { requestTypeName } from '../requests/words.ts';
import { formatAbsence } from '../rota/words.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';

/** Something that the palette leads to. */
export interface Findable {
  text: string;
  /** What it is, in small letters. */
  beside: string;
  href: string;
}

/**
 * `/console/{office}/find`: what the palette finds beside what the page shows: people, absences, procedures, open cases, requests and pages. It has what the
 * reader may open anyway. What they type stays in their browser.
 */
export function findPage(deps: StaffDeps) {
  return async (visit: DeskVisit): Promise<Response> => {
    const { c } = visit;
    c.header('Cache-Control', 'no-store');
    const found: Findable[] = [
      ...(await peopleIn(deps, visit)),
      ...(await absencesIn(deps, visit)),
      ...proceduresIn(visit),
      ...(await formsIn(deps, visit)),
      ...(await casesIn(deps, visit)),
      ...(await requestsIn(deps, visit)),
      ...pagesIn(visit),
    ];
    return c.json(found);
  };
}

/** The people of the office: to the day of their desk, or to the list of people. */
async function peopleIn(deps: StaffDeps, visit: DeskVisit): Promise<Findable[]> {
  const { t, viewer, office, base } = visit;
  if (!mayLookAtPeople(viewer)) return [];
  const list = (await deps.people.list(viewer)) ?? [];
  return list.map(({ name, post: { role, desk } }) => {
    const place = desk === null ? null : office.desk(desk);
    return {
      text: name,
      beside: [t(`shortcuts.role.${role}`), place?.name].filter(Boolean).join(' · '),
      href: place ? `${base}?desk=${place.id}` : `${base}/people`,
    };
  });
}

/** The desks that are away, or will be. */
async function absencesIn({ rota }: StaffDeps, visit: DeskVisit): Promise<Findable[]> {
  const { t, viewer, office, base } = visit;
  if (!mayChangeRota(viewer)) return [];
  const absences = await rota.absences(viewer, office);
  return absences.map((each) => ({
    text: formatAbsence(visit, each),
    beside: [t('away.tag'), each.why].filter(Boolean).join(' · '),
    href: each.isOfClosing ? `${base}/closing/${each.change}` : `${base}/desk-away/${each.id}`,
  }));
}

/** The procedures: to their declaration for administrators, to a booking for those who serve citizens. */
function proceduresIn({ t, viewer, office, base }: DeskVisit): Findable[] {
  const offered = office.procedures.filter((each) => !each.retired);
  const edits = can(viewer, 'administer');
  return offered.flatMap(({ code, name }) => {
    const text = textIn(name, t.language);
    return [
      ...(mayAssist(viewer)
        ? [
            {
              text,
              beside: t('desk.book.title'),
              href: `${base}/book?${new URLSearchParams({ procedure: code })}`,
            },
          ]
        : []),
      ...(edits
        ? [{ text, beside: t('admin.title'), href: `${base}/admin/procedures/${code}` }]
        : []),
    ];
  });
}

/** The forms that those who serve citizens open for somebody without an appointment. */
async function formsIn({ forms }: StaffDeps, visit: DeskVisit): Promise<Findable[]> {
  const { t, viewer, office, base } = visit;
  if (!mayAssist(viewer)) return [];
  return (await forms.offered(office)).map(({ code, name }) => ({
    text: textIn(name, t.language),
    beside: t('unbooked.title'),
    href: `${base}/serve?${new URLSearchParams({ procedure: code })}`,
  }));
}

/** The open cases that the reader may open, by their number and reference. */
async function casesIn({ caseDesk }: StaffDeps, visit: DeskVisit): Promise<Findable[]> {
  const { t, viewer, office, base } = visit;
  const found = await caseDesk.numbered(viewer, office);
  return found.map(({ id, number, reference, procedure }) => ({
    text: `${number} ${reference}`,
    beside: textIn(office.procedure(procedure)?.name, t.language),
    href: `${base}/cases/${id}`,
  }));
}

/** The requests that the reader may open, by their reference. */
async function requestsIn({ requests }: StaffDeps, visit: DeskVisit): Promise<Findable[]> {
  const { viewer, office, base } = visit;
  const found = await requests.numbered(viewer, office);
  return found.map(({ id, reference, type }) => ({
    text: reference,
    beside: requestTypeName(visit, type),
    href: `${base}/requests/${id}`,
  }));
}

/** The pages that no link of the bar leads to. */
function pagesIn(visit: DeskVisit): Findable[] {
  const { t, viewer, base } = visit;
  const page = (path: string, text: string): Findable => ({
    text,
    beside: t('freeNow.find.page'),
    href: `${base}/${path}`,
  });
  return [
    ...(mayCoordinate(viewer)
      ? [
          page('planning', t('planning.place')),
          page('calls', t('quality.title')),
          page('late', t('late.title')),
        ]
      : []),
    ...(mayChangeRota(viewer)
      ? [
          page('desk-away', t('away.title')),
          page('close', t('freeNow.close.title')),
          page('rota/absence', t('rota.absence.title')),
          page('rota/swap', t('rota.swap.title')),
          page('rota/copy', t('rota.copy.title')),
          page('rota/import', t('rota.import.title')),
        ]
      : []),
    ...(can(viewer, 'administer')
      ? adminPages(visit).map(([href, name]) => ({
          text: t(`admin.section.${name}`),
          beside: t('admin.title'),
          href,
        }))
      : []),
  ];
}
