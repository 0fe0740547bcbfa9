import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Appointment } from '../../../domain/appointment.ts';
import type { Rota } from '../../../domain/rota.ts';
import { isWorkingDay, type ReminderPolicy, remindersOwed, soonAddress } from './rules.ts';

const MADRID = 'Europe/Madrid';
const POLICY: ReminderPolicy = {
  reminderWorkingDays: 2,
  reminderMinutes: 60,
  sms: 'only-without-email',
};

/** A desk that works on these ISO weekdays, in an office that is closed on these days. */
function rota(weekdays = [1, 2, 3, 4, 5], closed: string[] = [], since = '2020-01-01'): Rota {
  return {
    timeZone: MADRID,
    isClosed: (day) => closed.includes(day),
    desks: [
      {
        id: 1,
        code: 'taula-1',
        skills: 'all',
        languages: ['ca'],
        channels: ['phone'],
        shifts: [{ weekdays, from: '09:00', to: '14:00', since }],
        absences: [],
      },
    ],
  };
}

const local = (text: string) =>
  Temporal.PlainDateTime.from(text).toZonedDateTime(MADRID).toInstant();

function appointment(start: string, citizen: Partial<Appointment['citizen']> = {}): Appointment {
  const at = local(start);
  return {
    id: 'a',
    reference: 'K7M-2QX',
    office: 1,
    procedure: 'volant-padro',
    channel: 'phone',
    language: 'ca',
    noticeLanguage: 'es',
    desk: 1,
    start: at,
    end: at.add({ minutes: 15 }),
    status: 'booked',
    citizen: { name: 'Marta', email: 'marta@example.org', phone: '+34600000001', ...citizen },
    onBehalfOf: null,
    needs: [],
    comment: '',
    externalId: null,
    link: 0,
    sequence: 3,
    createdAt: at,
    updatedAt: at,
    displacedAt: null,
  };
}

/** Kind, from and until of what is owed, on the office's clock. */
function owed(start: string, booked: string, of = rota(), policy: Partial<ReminderPolicy> = {}) {
  const wall = (text: string | null) =>
    text &&
    Temporal.Instant.from(text)
      .toZonedDateTimeISO(MADRID)
      .toPlainDateTime()
      .toString()
      .slice(0, 16);
  return remindersOwed(appointment(start), of, { ...POLICY, ...policy }, local(booked)).map(
    (each) => `${each.kind} ${wall(each.not_before)} ${wall(each.expires_at)}`,
  );
}

// Constitution Day and the Immaculate Conception, with a Monday between them; then Christmas.
const CLOSED = ['2026-12-08', '2026-12-25', '2026-12-26', '2027-01-01', '2027-01-06'];

describe('the reminder', () => {
  it.each([
    // a week before, nothing in between
    ['2026-12-03T09:20', '2026-11-20T12:00', '2026-12-01T10:00'],
    // over a weekend: Monday's is sent on Thursday, Tuesday's on Friday
    ['2026-11-30T09:20', '2026-11-20T12:00', '2026-11-26T10:00'],
    ['2026-12-01T09:20', '2026-11-20T12:00', '2026-11-27T10:00'],
    // over a public holiday on a Tuesday
    ['2026-12-09T09:20', '2026-11-20T12:00', '2026-12-04T10:00'],
    // over Christmas: Friday 25 and Saturday 26
    ['2026-12-28T09:20', '2026-12-01T12:00', '2026-12-23T10:00'],
    // the clock goes forward on Sunday 28 March 2027, back on Sunday 25 October 2026
    ['2027-03-30T09:20', '2027-03-01T12:00', '2027-03-26T10:00'],
    ['2026-10-27T09:20', '2026-10-01T12:00', '2026-10-23T10:00'],
  ])('of %s, booked on %s, is sent on %s', (start, booked, from) => {
    const of = rota([1, 2, 3, 4, 5], CLOSED);
    expect(owed(start, booked, of, { reminderMinutes: 0 })).toEqual([
      `reminder ${from} ${Temporal.PlainDate.from(from.slice(0, 10)).add({ days: 1 })}T00:00`,
    ]);
  });

  it.each([
    // on Friday for Monday and for Tuesday: two working days before has been, or is today
    ['2026-11-30T09:20', '2026-11-27T12:00'],
    ['2026-12-01T09:20', '2026-11-27T12:00'],
    // less than twelve hours before it would be sent
    ['2026-12-03T09:20', '2026-11-30T22:01'],
  ])('of %s, booked on %s, is not: they were just told', (start, booked) => {
    expect(owed(start, booked, rota(), { reminderMinutes: 0 })).toEqual([]);
  });

  it('is sent to who was told twelve hours before', () => {
    expect(owed('2026-12-03T09:20', '2026-11-30T22:00', rota(), { reminderMinutes: 0 })).toEqual([
      'reminder 2026-12-01T10:00 2026-12-02T00:00',
    ]);
  });

  it('counts Saturday where somebody works on it, and not a day on which nobody does', () => {
    const start = '2026-11-30T09:20';
    const saturdays = rota([1, 2, 3, 4, 5, 6]);
    expect(owed(start, '2026-11-20T12:00', saturdays)[0]).toContain('reminder 2026-11-27T10:00');
    const fewDays = rota([1, 3]);
    expect(owed(start, '2026-11-20T12:00', fewDays)[0]).toContain('reminder 2026-11-23T10:00');
  });

  it('ends when the last one is due, and is not sent after it', () => {
    const day = { reminderWorkingDays: 1, reminderMinutes: 1200 };
    expect(owed('2026-12-03T09:20', '2026-11-20T12:00', rota(), day)).toEqual([
      'reminder 2026-12-02T10:00 2026-12-02T13:20',
      'soon 2026-12-02T13:20 2026-12-03T09:10',
    ]);
    const early = { reminderWorkingDays: 1, reminderMinutes: 1440 };
    expect(owed('2026-12-03T09:20', '2026-11-20T12:00', rota(), early)).toEqual([
      'soon 2026-12-02T09:20 2026-12-03T09:10',
    ]);
  });

  it('is none where the office says 0, or has no working day left to send it', () => {
    const none = { reminderWorkingDays: 0, reminderMinutes: 0 };
    expect(owed('2026-12-03T09:20', '2026-11-20T12:00', rota(), none)).toEqual([]);
    const opens = rota([1, 2, 3, 4, 5], [], '2026-12-03');
    const policy = { reminderMinutes: 0 };
    expect(owed('2026-12-03T09:20', '2026-11-20T12:00', opens, policy)).toEqual([]);
  });
});

describe('the last reminder', () => {
  it.each([
    ['2026-12-03T09:20', '2026-12-03T06:20', ['soon 2026-12-03T08:20 2026-12-03T09:10']],
    // less than two hours after the booking
    ['2026-12-03T09:20', '2026-12-03T06:21', []],
    // the night in which the clock goes forward: an hour before is an hour before
    ['2027-03-28T03:30', '2027-03-20T12:00', ['soon 2027-03-28T01:30 2027-03-28T03:20']],
    // and back: 02:30 is the first of the two
    ['2026-10-25T03:30', '2026-10-20T12:00', ['soon 2026-10-25T02:30 2026-10-25T03:20']],
  ])('of %s, booked on %s', (start, booked, soon) => {
    expect(owed(start, booked, rota(), { reminderWorkingDays: 0 })).toEqual(soon);
  });

  it('leaves time to be of use however short before it is sent', () => {
    const of = (reminderMinutes: number) =>
      owed('2026-12-03T09:20', '2026-11-20T12:00', rota(), {
        reminderWorkingDays: 0,
        reminderMinutes,
      });
    expect(of(5)).toEqual(['soon 2026-12-03T09:15 2026-12-03T09:18']);
    expect(of(0)).toEqual([]);
  });

  it('goes by SMS where the office pays for it and there is a telephone', () => {
    const kinds = (sms: ReminderPolicy['sms'], citizen: Partial<Appointment['citizen']>) =>
      remindersOwed(
        appointment('2026-12-03T09:20', citizen),
        rota(),
        { ...POLICY, sms },
        local('2026-11-20T12:00'),
      ).map((each) => `${each.kind} ${each.channel} ${each.recipient}`);
    const mail = 'marta@example.org';
    expect(kinds('only-without-email', {})).toEqual([
      `reminder email ${mail}`,
      `soon email ${mail}`,
    ]);
    expect(kinds('reminders-too', {})).toEqual([`reminder email ${mail}`, 'soon sms +34600000001']);
    expect(kinds('reminders-too', { phone: null })).toEqual([
      `reminder email ${mail}`,
      `soon email ${mail}`,
    ]);
    expect(kinds('only-without-email', { email: null })).toEqual([
      'reminder sms +34600000001',
      'soon sms +34600000001',
    ]);
    expect(kinds('reminders-too', { email: null, phone: null })).toEqual([]);
    expect(soonAddress({ citizen: { email: null, phone: null } }, POLICY)).toBeNull();
  });
});

describe('reminders, whatever the rota', () => {
  it('come in order, before the start, each with time to be sent, after that many working days', () => {
    const days = fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 });
    const first = Temporal.PlainDate.from('2026-09-01');
    fc.assert(
      fc.property(
        days,
        fc.uniqueArray(fc.integer({ min: 0, max: 250 }), { maxLength: 40 }),
        fc.integer({ min: 30, max: 240 }),
        fc.integer({ min: 0, max: 1439 }),
        fc.integer({ min: 0, max: 60 * 24 * 30 }),
        fc.integer({ min: 0, max: 5 }),
        fc.integer({ min: 0, max: 1440 }),
        (weekdays, closedDays, day, minute, lead, reminderWorkingDays, reminderMinutes) => {
          const closed = closedDays.map((each) => first.add({ days: each }).toString());
          const of = rota(weekdays, closed);
          const time = Temporal.PlainTime.from('00:00').add({ minutes: minute });
          const wanted = appointment(`${first.add({ days: day })}T${time}`);
          const now = wanted.start.subtract({ minutes: lead });
          const policy = { ...POLICY, reminderWorkingDays, reminderMinutes };
          const drafts = remindersOwed(wanted, of, policy, now);
          const at = drafts.flatMap((each) => [each.not_before, each.expires_at ?? '']);
          expect(at).toEqual([...at].sort());
          const instants = [now, ...at.map((text) => Temporal.Instant.from(text)), wanted.start];
          for (const [index, instant] of instants.entries()) {
            const next = instants[index + 1];
            if (next) expect(Temporal.Instant.compare(instant, next)).toBeLessThanOrEqual(0);
          }
          const [reminder] = drafts.filter((each) => each.kind === 'reminder');
          if (!reminder) return;
          const sent = Temporal.Instant.from(reminder.not_before).toZonedDateTimeISO(MADRID);
          expect(sent.hour).toBe(10);
          // Counted forwards: from the day on which it is sent to the day before the appointment.
          let working = 0;
          const last = wanted.start.toZonedDateTimeISO(MADRID).toPlainDate();
          for (
            let each = sent.toPlainDate();
            Temporal.PlainDate.compare(each, last) < 0;
            each = each.add({ days: 1 })
          ) {
            if (isWorkingDay(each, of)) working++;
          }
          expect(working).toBe(reminderWorkingDays);
        },
      ),
      { numRuns: 500 },
    );
  });
});
