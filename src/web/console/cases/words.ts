import type { Form } from '../../../domain/form/schema.ts';
import { workingDaysOf } from '../../../domain/office/calendar/working-days.ts';
import { type CaseEvent, DOORS } from '../../../features/service/cases/types.ts';
import { factText } from '../../../features/service/notifications/service.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { staffIn } from '../../../lib/viewer.ts';
import type { TagKind } from '../../../ui/parts.tsx';
import { stateName } from '../../words/states.ts';
import type { DeskVisit } from '../visit.tsx';

const KINDS: Partial<Record<string, TagKind>> = {
  registered: 'now',
  'to-amend': 'warn',
  granted: 'good',
  refused: 'bad',
};

/** Returns the sign and colour of a state. */
export const stateKind = (state: string): TagKind => KINDS[state] ?? 'plain';

/** Returns today in the office. */
export const todayIn = ({ now, office }: DeskVisit): Temporal.PlainDate =>
  now.toZonedDateTimeISO(office.timeZone).toPlainDate();

/** Returns a term in words, by the working days that are left, and whether it is urgent. */
export function dueIn(
  visit: DeskVisit,
  due: Temporal.PlainDate | null,
): { text: string; kind: TagKind | null } {
  const { t, office } = visit;
  if (!due) return { text: t('caseDesk.due.none'), kind: null };
  const today = todayIn(visit);
  const days = workingDaysOf(office.settings).between(today, due);
  if (Temporal.PlainDate.compare(due, today) < 0)
    return { text: t('caseDesk.due.late', { count: Math.max(1, -days) }), kind: 'bad' };
  if (due.equals(today)) return { text: t('caseDesk.due.today'), kind: 'warn' };
  return { text: t('caseDesk.due.days', { count: days }), kind: days <= 5 ? 'warn' : null };
}

/** Returns a local day in words: "dimecres, 9 de desembre de 2026". */
export const dayIn = ({ dates, office }: DeskVisit, day: Temporal.PlainDate): string =>
  dates.longDay(day.toZonedDateTime({ timeZone: office.timeZone, plainTime: '12:00' }).toInstant());

/** Returns an instant in words, short: "9/12/2026, 9:20". */
export const whenIn = ({ dates }: DeskVisit, at: Temporal.Instant): string =>
  `${dates.shortDay(at)}, ${dates.time(at)}`;

/** The names of staff by id. */
export type Names = ReadonlyMap<number, string>;

/** Returns who did something: the name of a member of staff, or what they are to the case. */
export function actorIn({ t }: DeskVisit, names: Names, actor: string): string {
  const staff = staffIn(actor);
  if (staff !== null) return names.get(staff) ?? t('caseDesk.who.staff');
  if (actor.startsWith('token:')) return t('caseDesk.who.token');
  return t(actor === 'system' ? 'caseDesk.who.system' : 'caseDesk.who.applicant');
}

/** Returns whether somebody else than the applicant did something. */
export const isForeign = (actor: string): boolean => /^(?:staff|token):/.test(actor);

/** Returns the ids of the staff in what happened to a case. */
export const staffInEvents = (events: readonly CaseEvent[]): number[] =>
  events.flatMap(({ actor, data }) => [
    ...(staffIn(actor) === null ? [] : [staffIn(actor) as number]),
    ...(typeof data.assignee === 'number' ? [data.assignee] : []),
  ]);

/** Returns what happened to a case, in words. */
export function eventIn(visit: DeskVisit, form: Form, names: Names, event: CaseEvent): string {
  const { t } = visit;
  const { kind, data } = event;
  const state = (of: unknown) => stateName(String(of ?? ''), form, t);
  const until = () => dayIn(visit, Temporal.PlainDate.from(String(data.until)));
  switch (kind) {
    case 'opened':
      return t('caseDesk.event.opened', { door: t(`caseDesk.door.${doorOf(data.door)}`) });
    case 'handed_in':
      return t(data.act ? 'onBehalf.event' : 'caseDesk.event.handed_in', {
        number: String(data.number),
      });
    case 'moved':
      return t('caseDesk.event.moved', { from: state(data.from), to: state(data.to) });
    case 'undone':
      return t('caseDesk.event.undone', { to: state(data.to) });
    case 'assigned':
      if (data.team !== undefined) return routedIn(visit, data.team);
      return typeof data.assignee === 'number'
        ? t('caseDesk.event.assigned', {
            name: names.get(data.assignee) ?? t('caseDesk.who.staff'),
          })
        : t('caseDesk.event.unassigned');
    case 'amendment_asked':
      return t('caseDesk.event.amendment_asked', { count: Number(data.points), day: until() });
    case 'amended':
      return t('caseDesk.event.amended', {
        count: Number(data.changed),
        number: String(data.number),
      });
    case 'not_at_once':
      return t('residence.event');
    case 'report_asked':
      return t(data.suspends === true ? 'report.event.asked.suspends' : 'report.event.asked', {
        day: until(),
      });
    case 'cosigned':
      return t('cosign.event.cosigned', { number: String(data.number) });
    case 'cosign_declined':
      return t('cosign.event.declined');
    case 'report_ended':
      return t(`report.event.${endingOf(data.how)}`);
    case 'extended':
      return t('caseDesk.event.extended', { day: until() });
    case 'submitted':
      return t('caseDesk.event.withdrawn', { number: String(data.number) });
    case 'paper_refused':
      return t('caseDesk.event.paper_refused');
    case 'decided':
      return t('caseDesk.event.decided', { outcome: state(data.outcome) });
    default:
      return factText(event, t, visit.dates);
  }
}

/** Returns the name of a team; empty: it is not declared any more. */
export const teamName = ({ t, office }: DeskVisit, code: string): string =>
  textIn(office.settings.teams.find((each) => each.code === code)?.name, t.language);

function routedIn(visit: DeskVisit, team: unknown): string {
  const name = typeof team === 'string' ? teamName(visit, team) || team : null;
  return name === null ? visit.t('team.event.office') : visit.t('team.event.team', { name });
}

const doorOf = (door: unknown): (typeof DOORS)[number] =>
  DOORS.find((each) => each === door) ?? 'online';

const endingOf = (how: unknown) =>
  (['given', 'declined'] as const).find((each) => each === how) ?? 'withdrawn';
