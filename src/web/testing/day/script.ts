import type { RotaEdit } from '../../../features/service/rota/types.ts';
import { type Agents, answerOf, createAgents } from './agents.ts';
import { type Citizen, citizensOf, randomFrom, shuffled } from './people.ts';
import { addressOf, type DayWorld, type Desk, minuteOf } from './world.ts';

const DAY = 24 * 60;
const STEP = 5;
/** When the coordinator learns that a desk is away, and from when to when. */
const AWAY = { desk: 'taula-1' as const, known: 10 * 60, from: '10:30', to: '12:00' };
const AWAY_MINUTES = [10 * 60 + 30, 12 * 60] as const;
/** When the office closes for its last hour. */
const CLOSING = { known: 15 * 60, from: '17:00', to: '18:00' };
/** While "soon" leaves for an hour. */
const CRASH = 11 * 60;
const CHOICE = { procedure: 'volant-padro', channel: 'phone', language: 'ca' } as const;

/** A day of appointments with its mistakes, from Friday before until nobody is left. */
export interface ScriptedDay {
  citizens: readonly Citizen[];
  /** Ids of appointments, by name. */
  ids: ReadonlyMap<string, string>;
}

interface Script {
  world: DayWorld;
  random: () => number;
  citizens: Map<string, Citizen>;
  ids: Map<string, string>;
  agents: Agents;
  /** Where each appointment is, as far as anybody looked. */
  desks: Map<string, number>;
}

export async function liveDay(world: DayWorld, count: number, seed: number): Promise<ScriptedDay> {
  const random = randomFrom(seed);
  const all = citizensOf(count, random);
  const citizens = new Map(all.map((each) => [each.name, each]));
  const ids = new Map<string, string>();
  const agents = createAgents(world, { citizens, ids });
  const script: Script = { world, random, citizens, ids, agents, desks: new Map() };
  world.onSettled = () => look(script);
  await world.pass(-3 * DAY + 12 * 60);
  for (const each of all) await book(script, each);
  await world.pass(-12 * 60);
  for (const day of [0, DAY]) {
    for (let minute = day + 7 * 60; minute <= day + 18 * 60 + 30; minute += STEP)
      if (day === 0 || ledgerHasOpen(world)) await step(script, minute);
  }
  const corrected = all.filter(({ fate }) => fate === 'is corrected the day after');
  await agents.correct(
    corrected
      .map((each) => each.name)
      .filter((each) => world.ledger.of(each).standing === 'served'),
  );
  // Whoever chose no other hour has had the time to.
  for (const day of [2, 3, 4]) await world.pass(day * DAY + 12 * 60);
  return { citizens: all, ids };
}

/** Whether anybody is still to be served. */
const ledgerHasOpen = ({ ledger }: DayWorld): boolean =>
  ledger.count('booked') + ledger.count('serving') > 0;

async function step(script: Script, minute: number): Promise<void> {
  const { world, agents } = script;
  if (minute === CRASH) {
    // The service ends in the middle of what the passing time has made due.
    world.ledger.pass(minute);
    await world.crash(minute);
  }
  await world.pass(minute);
  if (minute === AWAY.known) await goAway(script);
  if (minute === CLOSING.known) await close(script);
  for (const each of shuffled([...script.citizens.values()], script.random))
    await citizenActs(script, each);
  await agents.turn((desk) => isThere(desk, minute));
}

/** When a desk is left without a word, whatever is owed at it. */
const LEFT: Partial<Record<Desk, readonly [number, number]>> = {
  'taula-1': [15 * 60 + 20, DAY],
  'taula-2': [15 * 60 + 50, DAY],
};

/** Everybody goes home when their shift ends, and some before. */
function isThere(desk: Desk, minute: number): boolean {
  const ofDay = minute % DAY;
  const isIn = ([from, to]: readonly [number, number]) => ofDay >= from && ofDay < to;
  if (minute < DAY && desk === AWAY.desk && isIn(AWAY_MINUTES)) return false;
  const left = LEFT[desk];
  if (minute < DAY && left && isIn(left)) return false;
  return isIn([(desk === 'taula-3' ? 9 : 8) * 60, (desk === 'taula-3' ? 14 : 18) * 60]);
}

/** Returns the free starts of these days, in random order. */
async function freeStarts({ world, random }: Script, from: string, to: string) {
  const found = await world.context.slots.search(world.office, CHOICE, { from, to });
  return found.ok ? shuffled(found.slots, random).map((each) => each.start) : [];
}

async function book(script: Script, { name, fate }: Citizen): Promise<void> {
  const { world, ids } = script;
  const isUnreachable = fate === 'has no mailbox';
  const [start] = await freeStarts(script, '2026-11-30', '2026-11-30');
  if (!start) throw new Error('The day is full');
  const result = await world.context.appointments.book({ kind: 'citizen' }, world.office, {
    ...CHOICE,
    start,
    noticeLanguage: 'en',
    citizen: {
      name,
      email: addressOf(name, isUnreachable),
      phone: `+346000000${name.slice(1)}`,
    },
    onBehalfOf: null,
    needs: [],
    comment: '',
  });
  if (!result.ok) throw new Error(`${name}: ${result.reason}`);
  ids.set(name, result.appointment.id);
  script.desks.set(name, result.appointment.desk);
  world.ledger.book(name, minuteOf(start), { isUnreachable });
}

/** What citizens do by themselves, and what is done with their appointments before their hour. */
async function citizenActs(script: Script, { name, fate }: Citizen): Promise<void> {
  const { world } = script;
  const it = world.ledger.of(name);
  const isIn = (minutes: number) =>
    it.standing === 'booked' && it.start - world.ledger.now === minutes;
  if (it.standing === 'displaced') return choose(script, name);
  if (fate === 'cancels' && isIn(120)) return cancel(script, name);
  const hasMoved = it.deeds.includes('citizen moved');
  if (fate === 'moves' && isIn(90) && !hasMoved) return moveToday(script, name);
  if (fate === 'cancels while called' && isIn(STEP)) return cancelWhileCalled(script, name);
  if (fate === 'is cancelled by the office' && isIn(60)) return cancelByOffice(script, name);
  const isAhead = it.standing === 'booked' && it.start - world.ledger.now > 30;
  if (fate === 'given to the wrong desk' && isAhead && !world.ledger.made.has(fate))
    return giveWrongly(script, name);
  // An agent gives them up, or else it ends by itself.
  if (fate === 'has no number' && it.standing === 'missed') world.ledger.made.add(fate);
  if (fate === 'gets a new number' && it.lacksNumber) return mend(script, name);
  if (fate === 'rings back' && it.standing === 'missed' && world.ledger.now >= it.start + 60)
    await script.agents.ringsBack(name);
}

const itself = (script: Script, name: string) =>
  ({ kind: 'citizen', appointment: script.ids.get(name) ?? '' }) as const;

async function cancel(script: Script, name: string): Promise<void> {
  const { world } = script;
  const viewer = itself(script, name);
  const { appointments } = world.context;
  const result = await appointments.cancel(viewer, world.office, viewer.appointment, '');
  if (world.ledger.expect(`${name} cancels`, answerOf(result), 'ok'))
    world.ledger.cancel(name, 'citizen', 'citizen');
  world.ledger.made.add('cancels');
}

async function cancelByOffice({ world, ids }: Script, name: string): Promise<void> {
  const { encounter } = world.context;
  const who = 'taula-3';
  const id = ids.get(name) ?? '';
  const result = await encounter.cancel(world.at(who), world.office, id, 'The lines are down');
  if (world.ledger.expect(`the office cancels ${name}`, answerOf(result), 'ok'))
    world.ledger.cancel(name, 'office', world.actor(who));
  world.ledger.made.add('is cancelled by the office');
}

/** The agent rings early and is answered, while the citizen presses "cancel": one of the two happens. */
async function cancelWhileCalled(script: Script, name: string): Promise<void> {
  const { world, ids } = script;
  const { encounter, appointments } = world.context;
  const viewer = itself(script, name);
  const attempt = { number: 1, outcome: 'no_answer' as const, note: '', anyway: true };
  const id = ids.get(name) ?? '';
  const [cancelled, called] = await Promise.all([
    appointments.cancel(viewer, world.office, id, ''),
    encounter.logAttempt(world.at('taula-3'), world.office, id, attempt),
  ]);
  // A call that nobody answered doesn't keep a citizen from cancelling; a cancelled one is not called.
  if (called.ok) world.ledger.call(name, 'no_answer', world.actor('taula-3'));
  else world.ledger.expect(`${name} is called while cancelling`, answerOf(called), 'not_open');
  if (world.ledger.expect(`${name} cancels while called`, answerOf(cancelled), 'ok'))
    world.ledger.cancel(name, 'citizen', 'citizen');
  world.ledger.made.add('cancels while called');
}

async function move(script: Script, name: string, start: Temporal.Instant): Promise<boolean> {
  const { world } = script;
  const viewer = itself(script, name);
  const to = { start, channel: 'phone' } as const;
  const { appointments } = world.context;
  const result = await appointments.move(viewer, world.office, viewer.appointment, to);
  if (!world.ledger.expect(`${name} moves`, answerOf(result), 'ok')) return false;
  world.ledger.move(name, minuteOf(start), 'citizen');
  script.desks.delete(name);
  return true;
}

async function moveToday(script: Script, name: string): Promise<void> {
  const was = script.world.ledger.of(name).start;
  const starts = await freeStarts(script, '2026-11-30', '2026-12-01');
  const start = starts.find((each) => minuteOf(each) !== was);
  if (start && (await move(script, name, start))) script.world.ledger.made.add('moves');
}

/** Two thirds of those who lost their hour choose another one. */
async function choose(script: Script, name: string): Promise<void> {
  const { world, random } = script;
  const isTold = world.ledger.of(name).told.at(-1)?.kind === 'displaced';
  if (!isTold || Number(name.slice(1)) % 3 === 0 || random() < 0.5) return;
  const [start] = await freeStarts(script, '2026-11-30', '2026-12-01');
  if (start && (await move(script, name, start))) world.ledger.made.add('chooses another hour');
}

async function mend(script: Script, name: string): Promise<void> {
  const { world } = script;
  const viewer = itself(script, name);
  const isUnreachable = world.ledger.of(name).isUnreachable;
  const citizen = {
    name,
    email: addressOf(name, isUnreachable),
    phone: `+346100000${name.slice(1)}`,
  };
  const { appointments } = world.context;
  const id = viewer.appointment;
  const result = await appointments.changeContact(viewer, world.office, id, citizen);
  if (world.ledger.expect(`${name} has another number`, answerOf(result), 'ok'))
    world.ledger.mend(name);
  world.ledger.made.add('gets a new number');
}

/** The coordinator gives an appointment to another desk, sees the mistake, and gives it back. */
async function giveWrongly(script: Script, name: string): Promise<void> {
  const { world, ids } = script;
  const { coordination, appointments } = world.context;
  const who = world.at('taula-3');
  const id = ids.get(name) ?? '';
  const found = await coordination.desksFor(who, world.office, id);
  const to = found?.desks.find((each) => each.ineligibility === null)?.desk.id;
  const was = await appointments.byId(world.office, id);
  if (!to || !was) return;
  const give = (from: number, desk: number) =>
    coordination.reassign(who, world.office, id, {
      desk,
      seen: { desk: from, start: was.start },
      override: false,
    });
  const given = await give(was.desk, to);
  world.ledger.expect(`${name} is given away`, answerOf(given), 'ok');
  world.ledger.expect(`${name} is given back`, answerOf(await give(to, was.desk)), 'ok');
  world.ledger.made.add('given to the wrong desk');
}

async function change({ world }: Script, edit: RotaEdit): Promise<void> {
  const who = world.at('taula-3');
  const { rota } = world.context;
  const planned = await rota.plan(who, world.office, edit);
  if (!planned.ok) throw new Error(`${edit.kind}: ${JSON.stringify(planned)}`);
  const { affected, digest } = planned.plan;
  const resolutions = new Map(affected.map((each) => [each.appointment.id, each.to]));
  const saved = await rota.save(who, world.office, edit, { digest, resolutions });
  world.ledger.expect(edit.kind, answerOf(saved), 'ok');
}

const spanOf = ({ from, to }: { from: string; to: string }) => ({
  from: `2026-11-30T${from}`,
  to: `2026-11-30T${to}`,
});

async function goAway(script: Script): Promise<void> {
  const { world } = script;
  const desk = world.at(AWAY.desk).desk ?? 0;
  await change(script, { kind: 'absence', desk, ...spanOf(AWAY), why: 'The dentist' });
  await look(script);
}

async function close(script: Script): Promise<void> {
  await change(script, { kind: 'close', ...spanOf(CLOSING), why: 'A storm' });
}

/** Looks where everybody is who waits for their hour: each at a desk of their own, or without one; nobody at two. */
async function look(script: Script): Promise<void> {
  const { world, ids } = script;
  const { ledger } = world;
  const rows = await world.rows<{
    id: string;
    desk_id: number;
    starts: Date;
    status: string;
    displaced_at: Date | null;
  }>('select id, desk_id, starts, status, displaced_at from appointment');
  const found = new Map(rows.map((each) => [each.id, each]));
  const taken = new Map<string, string>();
  for (const [name, id] of ids) {
    const row = found.get(id);
    const it = ledger.of(name);
    if (!row) {
      ledger.wrong(`${name} is lost`);
      continue;
    }
    if (it.standing === 'booked' && row.displaced_at) {
      if (it.start > ledger.now) ledger.displace(name);
      else {
        ledger.forget(name);
        ledger.made.add('nobody calls');
      }
    }
    // Nobody chose for them: it ends once the hour is over.
    if (it.standing === 'displaced' && row.status === 'cancelled' && ledger.now >= it.start) {
      ledger.cancel(name, 'office', 'system');
      ledger.made.add('chooses no other hour');
    }
    // Whoever is late may be with another desk than that of their hour.
    if (it.standing !== 'booked' || it.start <= ledger.now) continue;
    const place = `${row.desk_id} ${row.starts.toISOString()}`;
    if (taken.has(place)) ledger.wrong(`${name} and ${taken.get(place)} have one desk`);
    taken.set(place, name);
  }
}
