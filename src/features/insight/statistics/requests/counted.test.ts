import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { workingDaysOf } from '../../../../domain/office/calendar/working-days.ts';
import type { Office } from '../../../../domain/office/types.ts';
import { handClock } from '../../../../lib/clock.ts';
import { within } from '../../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../../lib/db/testing.ts';
import { uuidOf } from '../../../../lib/uuid.ts';
import { createOffices } from '../../../foundation/offices/service.ts';
import { testOffice } from '../../../foundation/offices/testing.ts';
import { staffOf } from '../../../service/cases/testing.ts';
import { withRequests } from '../../../service/requests/testing.ts';
import { medianOf, wholeMonths, workingDayNumbers } from './rules.ts';
import { createOpenRequests } from './service.ts';
import type { RequestCounts } from './types.ts';
import { readRequestMonth } from './views.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

/** Long after what is counted. */
const clock = handClock('2030-01-01T09:00:00+01:00');
const CLOSED = ['answered', 'refused', 'merged'];
/** Two hours before midnight in winter: every other hour is near a change of the day, and of the clock. */
const BEGIN = Temporal.ZonedDateTime.from('2027-02-24T22:00:00+01:00[Europe/Madrid]');
const hour = (n: number) => BEGIN.add({ hours: n });

const move = fc.record({
  to: fc.constantFrom('in_progress', 'asked', 'answered', 'refused', 'merged', 'received'),
  hours: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 900 })),
});
const requestMade = fc.record({
  type: fc.constantFrom('fanal', 'clot', 'queixa'),
  team: fc.constantFrom('brigada', 'brigada-eres', null),
  area: fc.constantFrom('centre', null),
  sent: fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 1500 })),
  moves: fc.array(move, { maxLength: 5 }),
  due: fc.option(fc.integer({ min: 0, max: 60 })),
  isTakenBack: fc.boolean(),
  isSent: fc.integer({ min: 0, max: 9 }).map((n) => n > 0),
  survey: fc.option(
    fc.record({
      score: fc.option(fc.integer({ min: 0, max: 10 })),
      solved: fc.constantFrom('yes', 'partly', 'no', null),
    }),
  ),
});
const span = fc
  .tuple(fc.integer({ min: -40, max: 130 }), fc.integer({ min: 0, max: 130 }))
  .map(([from, days]) => ({ from, days }));

type Drawn = typeof requestMade extends fc.Arbitrary<infer T> ? T : never;
type Made = ReturnType<typeof lived>;

/** What a request went through: what would have no effect is left out. */
function lived(made: Drawn) {
  const sentAt = hour(made.sent);
  const moves: { at: Temporal.ZonedDateTime; from: string; to: string }[] = [];
  let [at, state, since] = [sentAt, 'received', sentAt];
  for (const { to, hours } of made.isSent ? made.moves : []) {
    if (to === state || (CLOSED.includes(state) && to !== 'received')) continue;
    at = at.add({ hours });
    moves.push({ at, from: state, to });
    if (CLOSED.includes(state)) since = at;
    state = to;
  }
  const closedAt = CLOSED.includes(state) ? at : null;
  const isTakenBack = made.isTakenBack && state === 'refused';
  const due = made.due === null ? null : BEGIN.toPlainDate().add({ days: made.due });
  return { ...made, sentAt, moves, state, since, closedAt, isTakenBack, due };
}

async function keep(office: Office, all: readonly Made[]): Promise<void> {
  await within(database.kysely, office.id, async (tx) => {
    for (const [nth, each] of all.entries()) {
      const id = uuidOf('counted', String(office.id), String(nth));
      const reference = `${office.id}-${nth}`;
      const text = (at: Temporal.ZonedDateTime | null) => at?.toInstant().toString() ?? null;
      const sent = each.isSent ? each.sentAt : null;
      const kind = each.type === 'queixa' ? 'complaint' : 'incident';
      await sql`
        insert into request (id, office_id, reference, type, kind, door, language, made_at, made_by, changed_at, sent_at, sent_on, since,
          state, state_at, closed_at, reason, merged_into, team, area, due)
        values (${id}, ${office.id}, ${reference}, ${each.type}, ${kind}, 'online', 'ca', ${text(each.sentAt)}, 'citizen', ${text(each.sentAt)},
          ${text(sent)}, ${sent?.toPlainDate().toString() ?? null}, ${text(each.since)}, ${each.state}, ${text(each.since)}, ${text(each.closedAt)},
          ${each.isTakenBack ? 'withdrawn' : null}, ${each.state === 'merged' ? id : null}, ${each.team}, ${each.area}, ${each.due?.toString() ?? null})`.execute(
        tx,
      );
      for (const { at, from, to } of each.moves)
        await sql`insert into request_event (office_id, request_id, at, actor, kind, from_state, to_state)
          values (${office.id}, ${id}, ${text(at)}, 'system', 'moved', ${from}, ${to})`.execute(tx);
      if (each.survey)
        await sql`insert into survey_answer (request_id, office_id, score, solved, at)
          values (${id}, ${office.id}, ${each.survey.score}, ${each.survey.solved}, ${text(each.sentAt)})`.execute(
          tx,
        );
    }
  });
}

interface Days {
  from: Temporal.PlainDate;
  to: Temporal.PlainDate;
}

/** What happened to each request in the days, told plainly: each is looked at by itself. */
function happenedIn(office: Office, all: readonly Made[], { from, to }: Days) {
  const calendar = workingDaysOf(office.settings);
  const isWithin = (day: Temporal.PlainDate) =>
    Temporal.PlainDate.compare(from, day) <= 0 && Temporal.PlainDate.compare(day, to) <= 0;
  return all.flatMap((each) => {
    if (!each.isSent || each.isTakenBack) return [];
    const sentOn = each.sentAt.toPlainDate();
    const last = (is: (move: Made['moves'][number]) => boolean) =>
      each.moves.findLast((one) => isWithin(one.at.toPlainDate()) && is(one))?.at ?? null;
    const closedAt = last((one) => CLOSED.includes(one.to));
    const reopenedAt = last(
      (one) => ['answered', 'refused'].includes(one.from) && one.to === 'received',
    );
    const came = isWithin(sentOn) ? sentOn : null;
    if (Temporal.PlainDate.compare(sentOn, to) > 0 || (!came && !closedAt && !reopenedAt))
      return [];
    const [closed, reopened] = [closedAt?.toPlainDate() ?? null, reopenedAt?.toPlainDate() ?? null];
    const isOfThisTerm =
      closedAt !== null && Temporal.ZonedDateTime.compare(each.since, closedAt) <= 0;
    return [
      {
        ...each,
        ...{ came, closed, reopened },
        days: closed && sentOn.until(closed).days,
        workingDays: closed && Math.max(0, calendar.between(calendar.handedInOn(sentOn), closed)),
        isInTime:
          closed && each.due && isOfThisTerm
            ? Temporal.PlainDate.compare(closed, each.due) <= 0
            : null,
      },
    ];
  });
}

type Happened = ReturnType<typeof happenedIn>[number];

function countsOf(some: readonly Happened[]): RequestCounts {
  const count = (is: (each: Happened) => boolean) => some.filter(is).length;
  const closed = some.filter((each) => each.closed !== null);
  const middle = closed.map((each) => each.workingDays!).sort((a, b) => a - b);
  const half = Math.floor(middle.length / 2);
  return {
    came: count((each) => each.came !== null),
    open: count((each) => each.came !== null && each.closedAt === null),
    closed: closed.length,
    withTerm: count((each) => each.isInTime !== null),
    inTime: count((each) => each.isInTime === true),
    workingDays:
      middle.length === 0
        ? null
        : middle.length % 2 === 1
          ? middle[half]!
          : (middle[half - 1]! + middle[half]!) / 2,
    reopened: count((each) => each.reopened !== null),
  };
}

function groups(some: readonly Happened[], keyOf: (each: Happened) => string | null) {
  const keys = new Set(some.map((each) => keyOf(each) ?? '-'));
  return [...keys].sort().map((key) => ({
    key,
    counts: countsOf(some.filter((each) => (keyOf(each) ?? '-') === key)),
  }));
}

/** A month's sums are of what happened in it: what came before and was closed in it came in another one. */
function months(some: readonly Happened[]) {
  const monthOf = (day: Temporal.PlainDate | null) => day?.with({ day: 1 }).toString() ?? null;
  const all = some.flatMap(({ came, closed, reopened }) => [came, closed, reopened].map(monthOf));
  const keys = [...new Set(all)].filter((each) => each !== null).sort();
  return keys.map((key) => {
    const then = some.map((each): Happened => {
      const here = (day: Temporal.PlainDate | null) => (monthOf(day) === key ? day : null);
      const [came, closed, reopened] = [here(each.came), here(each.closed), here(each.reopened)];
      const nothing = { workingDays: null, isInTime: null };
      return { ...each, ...(closed ? {} : nothing), came, closed, reopened };
    });
    return { key, counts: countsOf(then) };
  });
}

/** What was said in the whole months of the days, told plainly: a month with fewer than five answers says nothing. */
function opinionIn(all: readonly Made[], { from, to }: Days) {
  const said: { month: string; here: Made[] }[] = [];
  let inSpan = 0;
  for (let day = from; Temporal.PlainDate.compare(day, to) <= 0; day = day.add({ days: 1 })) {
    const last = day.with({ day: day.daysInMonth });
    if (day.day !== 1 || Temporal.PlainDate.compare(last, to) > 0) continue;
    inSpan++;
    const here = all.filter(
      ({ sentAt, survey }) => survey && sentAt.year === day.year && sentAt.month === day.month,
    );
    if (here.length >= 5) said.push({ month: day.toString(), here });
  }
  const counted = (values: readonly unknown[], of: (each: Made) => unknown) => {
    const given = said.map(({ here }) => here.map(of).filter((each) => each !== null));
    const enough = given.filter((each) => each.length >= 5);
    const sum = (value: unknown) => enough.flat().filter((each) => each === value).length;
    return enough.length === 0 ? null : values.map(sum);
  };
  return {
    answered: said.flatMap(({ here }) => here).length,
    ended: 0,
    scores: counted([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], (each) => each.survey?.score ?? null),
    solved: counted(['yes', 'partly', 'no'], (each) => each.survey?.solved ?? null),
    months: said.map(({ month }) => month),
    leftOut: inSpan - said.length,
  };
}

let offices = 0;
async function officeWith(all: readonly Made[]): Promise<Office> {
  const { kysely: db } = database;
  const code = `oficina-${++offices}`;
  const office = await createOffices(db).byId(
    await testOffice(db, { code, settings: withRequests() }),
  );
  await keep(office, all);
  return office;
}

test('the database counts what counting each request by itself gives', async () => {
  const all = fc.array(requestMade, { maxLength: 30 }).map((each) => each.map(lived));
  await fc.assert(
    fc.asyncProperty(all, fc.array(span, { minLength: 1, maxLength: 5 }), async (made, spans) => {
      const office = await officeWith(made);
      const figures = createOpenRequests({ db: database.kysely, clock });
      for (const each of spans) {
        const from = BEGIN.toPlainDate().add({ days: each.from });
        const days = { from, to: from.add({ days: each.days }) };
        const some = happenedIn(office, made, days);
        expect(await figures.requests(staffOf(office, 'coordinator', 2), office, days)).toEqual({
          type: groups(some, ({ type }) => type),
          team: groups(some, ({ team }) => team),
          area: groups(some, ({ area }) => area),
          month: months(some),
          opinion: opinionIn(made, days),
        });
        const before = days.to.add({ days: 1 });
        const rows = await within(database.kysely, office.id, (tx) =>
          readRequestMonth(tx, office, { from, before }),
        );
        const line = (parts: readonly unknown[]) => parts.map(String).join(' ');
        const read = rows.map((row) =>
          line([row.type, row.kind, row.area, row.isReceived, row.closedAfter, row.workingDays]),
        );
        const told = some.map((row) => {
          const kind = row.type === 'queixa' ? 'complaint' : 'incident';
          return line([row.type, kind, row.area, row.came !== null, row.days, row.workingDays]);
        });
        expect(read.sort()).toEqual(told.sort());
        expect(rows.filter(({ isReopened }) => isReopened)).toHaveLength(
          some.filter(({ reopened }) => reopened !== null).length,
        );
        expect(medianOf(rows, ({ workingDays }) => workingDays)).toBe(
          countsOf(some).workingDays ?? 0,
        );
      }
    }),
    { numRuns: 40 },
  );
}, 120_000);

test('a span of centuries costs no more than the days that requests have', async () => {
  const made = [
    lived({
      ...{ type: 'fanal', team: null, area: null, sent: 0, due: null, survey: null },
      moves: [{ to: 'answered', hours: 200 }],
      ...{ isTakenBack: false, isSent: true },
    }),
  ];
  const office = await officeWith(made);
  const days = {
    from: Temporal.PlainDate.from('2000-01-01'),
    to: Temporal.PlainDate.from('2199-12-31'),
  };
  const found = await createOpenRequests({ db: database.kysely, clock }).requests(
    staffOf(office, 'coordinator', 2),
    office,
    days,
  );
  expect(found?.month.map(({ key, counts }) => [key, counts.came, counts.closed])).toEqual([
    ['2027-02-01', 1, 0],
    ['2027-03-01', 0, 1],
  ]);
});

test('what is said of requests is shown of whole months that are over', () => {
  const months = (from: string, before: string, today: string) => {
    const day = Temporal.PlainDate.from;
    const found = wholeMonths({ from: day(from), before: day(before) }, day(today));
    return `${found.from}/${found.before}`;
  };
  expect(months('2027-01-01', '2027-03-01', '2027-06-10')).toBe('2027-01-01/2027-03-01');
  // A day more or less at either end is a month, or nothing.
  expect(months('2027-01-02', '2027-03-01', '2027-06-10')).toBe('2027-02-01/2027-03-01');
  expect(months('2027-01-01', '2027-02-28', '2027-06-10')).toBe('2027-01-01/2027-02-01');
  // On its last evening a month is not over.
  expect(months('2027-01-01', '2027-03-01', '2027-02-28')).toBe('2027-01-01/2027-02-01');
});

test('numbered days tell how many of them count between two', () => {
  const rules = { holidays: 'ES-CT', feastDays: [], openDays: [] };
  const calendar = workingDaysOf(rules);
  const first = Temporal.PlainDate.from('2027-12-20');
  const { upTo, handedIn } = workingDayNumbers(rules, first, first.add({ days: 400 }));
  expect(upTo).toHaveLength(401);
  const day = fc.integer({ min: 0, max: 400 });
  fc.assert(
    fc.property(day, day, (a, b) => {
      const [came, closed] = [Math.min(a, b), Math.max(a, b)];
      const handed = calendar.handedInOn(first.add({ days: came }));
      const days = calendar.between(handed, first.add({ days: closed }));
      expect(Math.max(0, upTo[closed]! - handedIn[came]!)).toBe(Math.max(0, days));
    }),
  );
});
