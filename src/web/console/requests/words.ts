import type { Area } from '../../../domain/requests/areas.ts';
import { declaredType } from '../../../features/service/requests/service.ts';
import type { RequestEvent } from '../../../features/service/requests/types.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { staffIn } from '../../../lib/viewer.ts';
import { requestReasonText } from '../../words/request-states.tsx';
import { type Names, teamName } from '../cases/words.ts';
import type { DeskVisit } from '../visit.tsx';

/** Returns the name of a type; its code where it is not declared any more. */
export const requestTypeName = (
  { t, office }: Pick<DeskVisit, 't' | 'office'>,
  code: string,
): string => textIn(declaredType(office, code)?.name, t.language) || code;

/** Returns the name of an area; empty: there is none. */
export const areaName = (
  { t }: Pick<DeskVisit, 't'>,
  areas: readonly Area[],
  code: string | null,
): string =>
  code === null ? '' : textIn(areas.find((each) => each.code === code)?.name, t.language) || code;

/** Returns who did something with a request. */
export function requestActor({ t }: DeskVisit, names: Names, actor: string): string {
  const staff = staffIn(actor);
  if (staff !== null) return names.get(staff) ?? t('caseDesk.who.staff');
  if (actor.startsWith('token:')) return t('caseDesk.who.token');
  return t(actor.startsWith('system') ? 'caseDesk.who.system' : 'caseDesk.who.applicant');
}

/** Returns what happened to a request, in words. */
export function requestEventIn(visit: DeskVisit, names: Names, event: RequestEvent): string {
  const { t } = visit;
  const { kind, from, to, data } = event;
  switch (kind) {
    case 'moved':
      return [
        t('caseDesk.event.moved', {
          from: t(`requests.state.${from ?? 'received'}`),
          to: t(`requests.state.${to ?? 'received'}`),
        }),
        ...reasonOf(visit, event),
      ].join(' ');
    case 'assigned':
      return [assignedIn(visit, names, data), ...reasonOf(visit, event)].join(' ');
    case 'message':
      return t(`requestDesk.event.message.${data.side ?? 'office'}`);
    default:
      return t(`requestDesk.event.${kind}`);
  }
}

const reasonOf = (visit: DeskVisit, { data }: RequestEvent): string[] =>
  data.reason
    ? [
        visit.t('requestDesk.event.why', {
          why: requestReasonText(visit.t, visit.office, data.reason),
        }),
      ]
    : [];

function assignedIn(visit: DeskVisit, names: Names, data: RequestEvent['data']): string {
  const { t } = visit;
  if (data.team !== undefined) {
    if (data.team === null) return t('requestDesk.event.back');
    return t('team.event.team', { name: teamName(visit, data.team) || data.team });
  }
  return typeof data.assignee === 'number'
    ? t('caseDesk.event.assigned', { name: names.get(data.assignee) ?? t('caseDesk.who.staff') })
    : t('caseDesk.event.unassigned');
}
