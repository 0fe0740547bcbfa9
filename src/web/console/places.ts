import type { Office } from '../../domain/office/types.ts';
import { can, roleCan } from '../../domain/roles.ts';
import { mayReadTrail } from '../../features/foundation/audit/service.ts';
import { mayLookAtPeople } from '../../features/foundation/people/rules.ts';
import type { ActionName } from '../../features/foundation/preferences/rules.ts';
import { maySeeFigures } from '../../features/insight/statistics/rules.ts';
import { mayHandleCases } from '../../features/service/cases/service.ts';
import { mayCoordinate } from '../../features/service/coordination/rules.ts';
import { mayAssist } from '../../features/service/encounter/rules.ts';
import { mayHandleRequests, takesRequests } from '../../features/service/requests/service.ts';
import { mayChangeRota } from '../../features/service/rota/rules.ts';
import type { Translate } from '../../lib/i18n/translate.ts';
import type { StaffRole, StaffViewer } from '../../lib/viewer.ts';
import type { Assets } from '../assets.ts';
import { consoleGuide } from '../files/guides.ts';
import type { Post } from './bar/bar.tsx';

/** A page of the console that all others link to. */
export interface Place {
  href: string;
  text: string;
  isHere: boolean;
  /** The key of the page. */
  action?: ActionName;
}

/** Returns the offices whose console a person opens. `held`: their roles. `open`: the offices of the town. */
export const postsOf = (
  held: readonly { code: string; role: StaffRole }[],
  open: readonly Pick<Office, 'code' | 'name'>[],
): Post[] =>
  open.flatMap(({ code, name }) => {
    const own = held.find((each) => each.code === code);
    return own && can(own, 'open_console') ? [{ code, name, role: own.role }] : [];
  });

/** Returns the pages of an office that this person may open. */
export function placesOf(
  t: Translate,
  viewer: StaffViewer,
  office: Pick<Office, 'code' | 'settings'>,
  path: string,
): Place[] {
  const base = `/console/${office.code}`;
  const place = placeAt(path);
  return [
    place(base, t('staff.place.day'), 'day'),
    ...(mayHandleCases(viewer) ? [place(`${base}/cases`, t('caseDesk.title'), 'cases')] : []),
    ...(mayAssist(viewer) && office.settings.chat.topics.length > 0
      ? [place(`${base}/chats`, t('chatDesk.title'), 'chats')]
      : []),
    ...(mayHandleRequests(viewer) && takesRequests(office)
      ? [place(`${base}/requests`, t('requestDesk.title'), 'requests')]
      : []),
    ...(mayCoordinate(viewer)
      ? [
          place(`${base}/now`, t('liveBoard.place'), 'now'),
          place(`${base}/board`, t('board.title'), 'board'),
        ]
      : []),
    ...(mayChangeRota(viewer)
      ? [place(`${base}/rota`, t('rota.title'), 'rota')]
      : viewer.desk === null
        ? []
        : [place(`${base}/rota/mine`, t('rota.own.title'), 'rota')]),
    ...(mayAssist(viewer) ? [place(`${base}/book`, t('desk.book.title'), 'book')] : []),
    ...(maySeeFigures(viewer) ? [place(`${base}/figures`, t('figures.title'), 'figures')] : []),
    ...(mayReadTrail(viewer) ? [place(`${base}/audit`, t('staff.place.audit'), 'audit')] : []),
    ...(mayLookAtPeople(viewer) ? [place(`${base}/people`, t('people.place'), 'people')] : []),
    ...(can(viewer, 'administer') ? [place(`${base}/admin`, t('admin.title'), 'admin')] : []),
  ];
}

/** Where a person is: signed in, and in an office of theirs. */
interface Around {
  session?: { operator: boolean; offices: readonly { role: string }[] } | undefined;
  viewer?: StaffViewer | undefined;
  office?: { code: string } | undefined;
}

/**
 * Returns a person's own pages, at the end of the bar.
 * @param manual the address of a page of the documentation, which the last of them leads to: the guide that explains this page
 */
export function ownPlaces(
  t: Translate,
  path: string,
  { session, viewer, office }: Around,
  manual: Assets['documentation'],
): Place[] {
  const place = placeAt(path);
  const help = helpFor(t, path, viewer, manual);
  return [
    ...(viewer && office && mayAssist(viewer)
      ? [place(`/console/${office.code}/serve`, t('unbooked.title'), 'serve')]
      : []),
    ...(session && sharesMonth(session.offices)
      ? [place('/staff/month', t('figures.month.title'))]
      : []),
    place('/staff/account', t('account.title')),
    ...(session && opensConsole(session.offices)
      ? [place('/staff/keys', t('shortcuts.title')), place('/staff/alerts', t('alerts.title'))]
      : []),
    ...(session?.operator
      ? [
          place('/staff/people', t('people.everywhere.title')),
          place('/staff/operation', t('operating.title')),
        ]
      : []),
    ...(help ? [place(help, t('staff.place.manual'))] : []),
  ];
}

/** Whether a person has a console somewhere: keys and alerts are for it. */
const opensConsole = (posts: readonly { role: string }[]): boolean =>
  posts.some(({ role }) => roleCan(role, 'open_console'));

/** Whether the month of several offices, or of one whose figures a person doesn't see, is a page of its own for them. */
const sharesMonth = (posts: readonly { role: string }[]): boolean => {
  const seen = posts.filter(({ role }) => roleCan(role, 'see_month'));
  return seen.length > 1 || seen.some(({ role }) => !roleCan(role, 'see_figures'));
};

/** The guide of this page, or else what the documentation has for this person. */
function helpFor(
  t: Translate,
  path: string,
  viewer: StaffViewer | undefined,
  manual: Assets['documentation'],
): string | null {
  const guide = consoleGuide(path);
  const explained = guide && manual(t.language, guide);
  const first = manual(t.language);
  return explained ?? (first && `${first}${partFor(viewer)}`);
}

/** The part of the documentation's first page that is written for somebody. */
const partFor = (viewer: StaffViewer | undefined): string => {
  if (!viewer) return '';
  if (can(viewer, 'administer')) return '#administrators';
  return mayCoordinate(viewer) ? '#coordinators' : '#agents';
};

function placeAt(path: string) {
  const [here = ''] = path.split('?');
  return (href: string, text: string, action?: ActionName): Place => ({
    href,
    text,
    isHere: here === href,
    ...(action && { action }),
  });
}
