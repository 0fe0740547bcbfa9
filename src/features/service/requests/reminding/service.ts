import { isWorkingMorning } from '../../../../domain/office/calendar/morning.ts';
import type { Office } from '../../../../domain/office/types.ts';
import { askedUntil } from '../../../../domain/requests/terms.ts';
import { INSTALLATION, within } from '../../../../lib/db/database.ts';
import { formatError } from '../../../../lib/format-error.ts';
import { oweStaffMail } from '../../../foundation/staff-mail/service.ts';
import { calendarOf, type RequestsDeps, settingsOf } from '../keeping.ts';
import { changeRequest, insertRequestEvent } from '../store.ts';
import { tellRequest } from '../telling.ts';
import { readRequestForUpdate } from '../views.ts';
import { hasOfficial, officialsOf } from './rules.ts';
import { markOfficialsTold } from './store.ts';
import { readColleagues, readLongAsked, readOfficesAtWork, readUntold } from './views.ts';

/** Days after which a question may be unanswered for long: it is at the most as many working days. */
const ASKED_DAYS = 10;
/** The most questions of an office in one pass. */
const AT_ONCE = 200;
const SYSTEM = { kind: 'system', why: 'requests' } as const;

/** Telling those who wait for each other. */
export interface RemindingOfRequests {
  /**
   * In the morning of a working day: tells whoever was asked something long ago for the last time, and the officials of each office how many of theirs are
   * late, asked in vain, or to be told by a call. Each request is told of once, until it moves on. Returns how many mails are owed.
   */
  remind(): Promise<number>;
}

export function createReminding(deps: RequestsDeps): RemindingOfRequests {
  const { db, clock, offices, log } = deps;
  return {
    async remind() {
      const now = clock.now();
      const ids = await within(db, INSTALLATION, (tx) => readOfficesAtWork(tx));
      let owed = 0;
      for (const id of ids) {
        const office = await offices.byId(id);
        if (!settingsOf(office) || !isWorkingMorning(office, now)) continue;
        await callLast(deps, office);
        owed += await tellOfficials(deps, office).catch((error: unknown) => {
          log.error(
            formatError(error),
            'Officials were not told of late requests; it is tried again',
          );
          return 0;
        });
      }
      return owed;
    },
  };
}

/** Tells those who were asked something long ago for the last time. */
async function callLast(deps: RequestsDeps, office: Office): Promise<void> {
  const { db, clock, unit, log } = deps;
  const now = clock.now();
  const today = now.toZonedDateTimeISO(office.timeZone).toPlainDate();
  const before = now.subtract({ hours: 24 * ASKED_DAYS });
  const asked = await within(db, office.id, (tx) => readLongAsked(tx, office.id, before, AT_ONCE));
  for (const id of asked)
    await unit(SYSTEM, office.id, async (each) => {
      const row = await readRequestForUpdate(each.tx, id);
      if (row?.state !== 'asked' || row.lastCallAt) return;
      const until = askedUntil(row.stateAt, calendarOf(office));
      if (!until || Temporal.PlainDate.compare(today, until) <= 0) return;
      await changeRequest(each, row, { lastCallAt: each.now });
      await insertRequestEvent(each, id, { kind: 'last_call' });
      await each.record('request_last_call', { data: { request: id } });
      await tellRequest(each, row, 'last_call');
    }).catch((error: unknown) =>
      log.error(formatError(error), `Request ${id} got no last call; it is tried again`),
    );
}

/** Owes each official of an office one mail about what is late, was asked in vain, or is to be told by a call. Returns how many mails. */
const tellOfficials = ({ unit, log }: RequestsDeps, office: Office): Promise<number> =>
  unit.installation(SYSTEM, async (each) => {
    const local = each.now.toZonedDateTimeISO(office.timeZone);
    const today = { day: local.toPlainDate(), from: local.startOfDay().toInstant() };
    const waiting = await readUntold(each.tx, office.id, today);
    if (waiting.length === 0) return 0;
    const colleagues = await readColleagues(each.tx, office.id);
    const atWork = { teams: office.settings.teams, colleagues };
    const heard = waiting.filter((request) => hasOfficial(request, atWork));
    if (heard.length < waiting.length)
      log.warn(
        { office: office.code },
        'Requests wait, and nobody works in the office who is told of it',
      );
    await markOfficialsTold(
      each,
      heard.map(({ id }) => id),
    );
    const told = officialsOf(heard, atWork);
    for (const { staff, ...counts } of told)
      await oweStaffMail(each, {
        to: { staff },
        kind: 'requests_waiting',
        facts: { office: office.code, ...counts },
      });
    return told.length;
  });
