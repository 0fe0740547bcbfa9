import { setImmediate } from 'node:timers/promises';
import { byChannel, type Channel } from '../../../domain/channel.ts';
import { minutesTaken } from '../../../domain/occupancy.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, type Tx, within } from '../../../lib/db/database.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import type { ChatAssumptions } from './chats/assumptions.ts';
import { type ChatPlan, planChats } from './chats/plan.ts';
import { readChatHistory } from './chats/views.ts';
import { desksToChange, replay, type Scene } from './replay.ts';
import { ordinaryWeek } from './rota.ts';
import { type Catalogue, mayPlan, planWeek } from './rules.ts';
import { takenByHalfHour, takenByWeek } from './taken.ts';
import type { Asked, Assumptions, ChannelHistory, History, Plan, Replay } from './types.ts';
import {
  countAsked,
  readAsked,
  readCalls,
  readEndings,
  readTimes,
  readWeeks,
  type Span,
} from './views.ts';

/** Returns how many people are needed. Null for viewers without permission. */
export interface Planning {
  plan(viewer: StaffViewer, office: Office, assumptions: Assumptions): Promise<Plan | null>;
  /** Returns how many desks chats need, by the chats of the last eight weeks or as typed. */
  chats(
    viewer: StaffViewer,
    office: Office,
    assumptions: ChatAssumptions,
  ): Promise<ChatPlan | null>;
  /** Replays the last four weeks with some desks more and fewer; one at a time, since it is expensive. */
  replay(viewer: StaffViewer, office: Office, days: number): Promise<Replay | null>;
}

/** Weeks of the future rota whose mean is an ordinary week. */
const ROTA_WEEKS = 4;
const REPLAYED_WEEKS = 4;
/** Whole weeks before the present one whose chats are read. */
const CHAT_WEEKS = 8;
/** Changes in the number of desks. */
const CHANGES = [-2, -1, 0, 1, 2];
/** Maximum of desks times requests per replay: some hundred milliseconds. */
const MOST_WORK = 25_000;
/** Minutes of an appointment by a channel that is missing in the catalogue. */
const USUAL_DURATION = 20;

export function createPlanning({ db, clock }: { db: Db; clock: Clock }): Planning {
  let last: Promise<unknown> = Promise.resolve();
  const today = (office: Office) => clock.now().toZonedDateTimeISO(office.timeZone).toPlainDate();
  const spanOf = (office: Office, from: Temporal.PlainDate, to: Temporal.PlainDate): Span => ({
    office: office.id,
    from: from.toZonedDateTime(office.timeZone).toInstant(),
    to: to.toZonedDateTime(office.timeZone).toInstant(),
    timeZone: office.timeZone,
  });

  return {
    async plan(viewer, office, assumptions) {
      if (!mayPlan(viewer) || viewer.office !== office.id) return null;
      const day = today(office);
      const monday = day.subtract({ days: day.dayOfWeek - 1 });
      const first = monday.subtract({ weeks: assumptions.weeks });
      const next = monday.add({ weeks: 1 });
      const rota = ordinaryWeek(office.rota, next, next.add({ days: 7 * ROTA_WEEKS - 1 }));
      const history = await within(db, office.id, (tx) =>
        readHistory(tx, office, spanOf(office, first, monday), first, assumptions.weeks),
      );
      return planWeek(history, rota, assumptions, catalogueOf(office));
    },

    async chats(viewer, office, assumptions) {
      if (!mayPlan(viewer) || viewer.office !== office.id) return null;
      const day = today(office);
      const monday = day.subtract({ days: day.dayOfWeek - 1 });
      const span = spanOf(office, monday.subtract({ weeks: CHAT_WEEKS }), monday);
      const history = await within(db, office.id, (tx) => readChatHistory(tx, span));
      return planChats(history, assumptions, office.settings.chat.atOnce);
    },

    async replay(viewer, office, days) {
      if (!mayPlan(viewer) || viewer.office !== office.id) return null;
      const end = today(office);
      const span = spanOf(office, end.subtract({ weeks: REPLAYED_WEEKS }), end);
      const turn = last.then(() => play(db, office, span, days));
      last = turn.catch(() => {});
      return turn;
    },
  };
}

async function play(db: Db, office: Office, span: Span, days: number): Promise<Replay> {
  const { rota } = office;
  const { oneIn, rows } = await within(db, office.id, async (tx) => {
    const work = (await countAsked(tx, span)) * rota.desks.length;
    const oneIn = Math.min(
      rota.desks.length || 1,
      Math.max(1, Math.ceil(Math.sqrt(work / MOST_WORK))),
    );
    return { oneIn, rows: await readAsked(tx, span, oneIn) };
  });
  const requests = rows.flatMap(({ procedure, ...row }): Asked[] => {
    const known = office.procedure(procedure);
    return known ? [{ ...row, procedure: known.code, step: known.step ?? null }] : [];
  });
  const scene: Scene = {
    rota: { ...rota, desks: rota.desks.filter((_, place) => place % oneIn === 0) },
    policy: office.settings.slots,
    requests,
    ...{ from: span.from, to: span.to, days },
  };
  const order = desksToChange(scene).map((each) => each.id);
  const playing = replay(scene, CHANGES);
  let step = playing.next();
  while (!step.done) {
    await setImmediate();
    step = playing.next();
  }
  return {
    ...{ from: span.from, to: span.to, oneIn },
    asked: requests.filter((each) => Temporal.Instant.compare(each.asked, span.from) >= 0).length,
    comes: order[0] ?? null,
    go: order.slice(0, Math.min(-CHANGES[0]!, order.length - 1)),
    runs: requests.length > 0 ? step.value : [],
  };
}

async function readHistory(
  tx: Tx,
  office: Office,
  span: Span,
  first: Temporal.PlainDate,
  weeks: number,
): Promise<History> {
  const policy = office.settings.slots;
  const taken = takenByHalfHour(await readTimes(tx, span), policy);
  const byWeek = takenByWeek(await readWeeks(tx, span), policy);
  const endings = await readEndings(tx, span);
  const calls = await readCalls(tx, span);
  const mondays = Array.from({ length: weeks }, (_, week) => first.add({ weeks: week }));
  const inOrder = (rows: { week: string; count: number }[]) =>
    mondays.map((monday) => rows.find((each) => each.week === monday.toString())?.count ?? 0);
  const channelOf = (channel: string): ChannelHistory => {
    const own = byWeek.filter((each) => each.channel === channel);
    const count = own.reduce((sum, each) => sum + each.count, 0);
    const minutes = own.reduce((sum, each) => sum + each.minutes, 0);
    const ending = endings.find((each) => each.channel === channel);
    return {
      weeks: inOrder(own),
      taken: taken.filter((each) => each.channel === channel),
      place: count > 0 ? minutes / count : null,
      lengths: ending ?? { count: 0, mean: 0, spread: 0 },
    };
  };
  const worked = new Set([
    ...office.rota.desks.flatMap((each) => each.shifts.flatMap((shift) => shift.weekdays)),
    ...[...taken, ...calls.begun].map((each) => each.weekday),
  ]);
  const open = mondays.map((monday) =>
    Array.from({ length: 7 }, (_, i) => monday.add({ days: i })).filter(
      (day) => worked.has(day.dayOfWeek) && !office.rota.isClosed(day.toString()),
    ),
  );
  return {
    openDays: open.map((days) => days.length),
    openWeekdays: Array.from(
      { length: 8 },
      (_, weekday) => open.flat().filter((day) => day.dayOfWeek === weekday).length,
    ),
    ...byChannel(channelOf),
    calls: { weeks: inOrder(calls.weeks), begun: calls.begun, lengths: calls.lengths },
    came: endings.reduce((sum, each) => sum + each.came, 0),
    missed: endings.reduce((sum, each) => sum + each.missed, 0),
  };
}

function catalogueOf(office: Office): Catalogue {
  const policy = office.settings.slots;
  const place = (channel: Channel) => {
    const minutes = office.procedures.flatMap((each) => each.channels[channel] ?? []);
    const durations = minutes.length > 0 ? minutes : [USUAL_DURATION];
    const taken = durations.map((duration) => minutesTaken(policy, { channel, duration }));
    return taken.reduce((sum, each) => sum + each, 0) / taken.length;
  };
  return { place: byChannel(place), policy };
}
