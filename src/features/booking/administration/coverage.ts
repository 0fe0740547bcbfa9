import { askOf } from '../../../domain/appointment.ts';
import { codesOf } from '../../../domain/office/bundle.ts';
import { closedDays } from '../../../domain/office/calendar/holidays.ts';
import { WEEKDAYS } from '../../../domain/office/fields.ts';
import type { OfficeState, TownState } from '../../../domain/office/state.ts';
import type { Rota, RotaDesk } from '../../../domain/rota.ts';
import { desksFor, isQualified, minuteAtOrAfter } from '../slots/rules.ts';
import type { SlotNeed } from '../slots/types.ts';
import type { FutureAppointment, Stranded } from './types.ts';

/** Returns the appointments that would lose their desk by the file, and that have no conflict, or another one, at present. */
export function strandedBy(
  current: TownState,
  wanted: TownState,
  appointments: readonly FutureAppointment[],
): Stranded[] {
  const [before, after] = [coverage(current), coverage(wanted)];
  return appointments.flatMap((appointment) => {
    const isOffered = [current, wanted].every((state) => offers(state, appointment));
    const [was, why] = [before(appointment, isOffered), after(appointment, isOffered)];
    if (why === null || why === was) return [];
    const timeZone = current.offices.get(appointment.office)?.settings.timeZone ?? 'UTC';
    const local = appointment.starts.toZonedDateTimeISO(timeZone).toPlainDateTime();
    return [{ ...appointment, why, at: local.toString().slice(0, 16).replace('T', ' ') }];
  });
}

const offers = ({ offices }: TownState, appointment: FutureAppointment): boolean =>
  codesOf(appointment).every(
    (each) => offices.get(appointment.office)?.procedures.get(each)?.retired === false,
  );

/**
 * Returns why an appointment's desk can't serve it, or null when it can. A retired procedure is in no desk's skills: its
 * appointments stay with their desk.
 */
function coverage(
  state: TownState,
): (appointment: FutureAppointment, isOffered: boolean) => string | null {
  const rotas = new Map<string, Rota | null>();
  return (appointment, isOffered) => {
    const { office: code, desk: deskCode, channel, language } = appointment;
    const office = state.offices.get(code);
    if (!office || office.retired) return `the office ${code} is no longer there`;
    const key = `${code}/${deskCode}/${isOffered}`;
    let rota = rotas.get(key);
    if (rota === undefined) {
      rota = rotaOf(office, deskCode, isOffered);
      rotas.set(key, rota);
    }
    const desk = rota?.desks[0];
    if (!rota || !desk) return `${deskCode} is no longer there`;
    if (!isQualified(desk, needOf(appointment))) {
      const { site } = appointment;
      if (site && desk.site !== site) return `${deskCode} is not at ${site}`;
      const procedures = codesOf(appointment).join(' and ');
      return `${deskCode} does not attend ${procedures} by ${channel} in ${language}`;
    }
    return works(rota, appointment) ? null : `${deskCode} does not work then`;
  };
}

/** Returns the rota of one desk, in the form of the slot engine. `heedsSkills`: false for a desk that serves everything. */
function rotaOf(office: OfficeState, code: string, heedsSkills: boolean): Rota | null {
  const declared = office.desks.get(code);
  if (!declared || declared.retired) return null;
  const closed = closedDays(office.settings, office.closures);
  const desk: RotaDesk = {
    id: 1,
    code,
    skills: heedsSkills ? declared.skills : 'all',
    languages: declared.languages,
    channels: declared.channels,
    site: declared.site ?? null,
    shifts: office.shifts
      .filter((each) => each.desk === code)
      .map(({ desk: _, weekdays, ...shift }) => ({
        weekdays: weekdays.map((each) => WEEKDAYS.indexOf(each) + 1),
        ...shift,
      })),
    absences: office.absences.filter((each) => each.desk === code),
  };
  return { timeZone: office.settings.timeZone, desks: [desk], isClosed: closed.isClosed };
}

/** Returns whether the slot engine would offer this exact time on the day before. */
function works(rota: Rota, appointment: FutureAppointment): boolean {
  const { starts } = appointment;
  const policy = { leadMinutes: 0, horizonDays: 2, buffer: 0, starts: 'packed', step: 1 } as const;
  const dayBefore = starts.subtract({ hours: 24 });
  const start = minuteAtOrAfter(starts);
  return desksFor(rota, policy, needOf(appointment), start, new Map(), dayBefore).length > 0;
}

function needOf(appointment: FutureAppointment): SlotNeed {
  const { starts, ends } = appointment;
  const duration = Math.round(ends.since(starts).total('minutes'));
  return { ...askOf(appointment), duration };
}
