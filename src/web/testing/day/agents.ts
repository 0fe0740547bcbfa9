import type { Appointment } from '../../../domain/appointment.ts';
import type { AttemptOutcome, EncounterDraft } from '../../../features/service/encounter/types.ts';
import type { Citizen } from './people.ts';
import { at, type DayWorld, DESK_CODES, type Desk } from './world.ts';

/** Who a desk serves. */
interface Serving {
  name: string;
  until: number;
  /** The version that the page shows. */
  version: number;
  notes: string;
}

/** The people of the desks, with the mistakes that they make. */
export interface Agents {
  /** Each desk does what is next for it. `isThere`: whether somebody is at a desk. */
  turn(isThere: (desk: Desk) => boolean): Promise<void>;
  /** Begins with somebody who rings back, at a desk that serves nobody; false: each serves somebody. */
  ringsBack(name: string): Promise<boolean>;
  /** Corrects the records of the day before. */
  correct(names: readonly string[]): Promise<void>;
}

export interface DayPeople {
  citizens: ReadonlyMap<string, Citizen>;
  /** Ids of appointments, by name. */
  ids: ReadonlyMap<string, string>;
}

export const answerOf = (result: { ok: boolean; reason?: string }): string =>
  result.ok ? 'ok' : (result.reason ?? '');

const draftOf = (notes: string): EncounterDraft => ({
  items: [
    { kind: 'procedure', procedure: 'volant-padro', query: null, label: '', outcome: 'done' },
  ],
  identity: 'questions',
  identityNote: '',
  notes,
  wrapUp: 'solved',
  points: [],
});

export function createAgents(world: DayWorld, people: DayPeople): Agents {
  const serving = new Map<Desk, Serving>();
  const shared: Shared = { world, ...people, serving };
  return {
    async turn(isThere) {
      for (const desk of DESK_CODES) {
        if (!isThere(desk) && !serving.has(desk)) continue;
        await world.context.presence.visit(world.at(desk), world.office, { isIdle: false });
        if (serving.has(desk)) await goOn(shared, desk);
        if (!serving.has(desk) && isThere(desk)) await takeNext(shared, desk);
      }
    },

    async ringsBack(name) {
      const desk = DESK_CODES.find((each) => !serving.has(each));
      if (!desk) return false;
      const result = await world.context.encounter.start(
        world.at(desk),
        world.office,
        idOf(shared, name),
      );
      if (!world.ledger.expect(`${name} rings back`, answerOf(result), 'ok')) return true;
      begun(shared, desk, name, 'started');
      world.ledger.made.add('rings back');
      return true;
    },

    async correct(names) {
      for (const name of names) await correct(shared, name);
    },
  };
}

interface Shared extends DayPeople {
  world: DayWorld;
  serving: Map<Desk, Serving>;
}

const idOf = ({ ids }: Shared, name: string): string => ids.get(name) ?? '';
const citizenOf = ({ citizens }: Shared, name: string): Citizen => citizens.get(name)!;
const nameOf = ({ ids }: Shared, id: string): string =>
  [...ids].find(([, each]) => each === id)?.[0] ?? '';

function begun(shared: Shared, desk: Desk, name: string, how: 'attempt' | 'started'): void {
  const { world, serving } = shared;
  const until = world.ledger.now + citizenOf(shared, name).lasts;
  world.ledger.begin(name, desk, world.actor(desk), how);
  serving.set(desk, { name, until, version: 1, notes: '' });
}

/** Presses "next", opens the card, and calls whoever is on it. */
async function takeNext(shared: Shared, desk: Desk): Promise<void> {
  const { world, serving } = shared;
  const { ledger, context } = world;
  for (let presses = 0; presses < 5 && !serving.has(desk); presses++) {
    const turn = await context.encounter.next(world.at(desk), world.office);
    const isDue = turn && Temporal.Instant.compare(turn.dueAt, at(ledger.now)) <= 0;
    if (!isDue) return takeLate(shared, desk);
    const card = await context.cards.open(world.at(desk), world.office, turn.id);
    const name = nameOf(shared, turn.id);
    if (card?.dossier.appointment.citizen.name !== name) ledger.wrong(`${name} has no card`);
    if (card?.dossier.lacksNumber) await giveUp(shared, desk, name);
    else await call(shared, desk, name);
  }
}

/** Takes a colleague's call that runs late, where one is offered. */
async function takeLate({ world }: Shared, desk: Desk): Promise<void> {
  const { coordination } = world.context;
  const offered = await coordination.lateCall(world.at(desk), world.office);
  if (offered) await coordination.takeLate(world.at(desk), world.office, offered.call.id);
}

async function log(shared: Shared, desk: Desk, name: string, outcome: string, number: number) {
  const { world } = shared;
  const attempt = { number, outcome: outcome as AttemptOutcome, note: '' };
  const { encounter } = world.context;
  return encounter.logAttempt(world.at(desk), world.office, idOf(shared, name), attempt);
}

async function call(shared: Shared, desk: Desk, name: string): Promise<void> {
  const { world } = shared;
  const { ledger } = world;
  const { fate, calls } = citizenOf(shared, name);
  const actor = world.actor(desk);
  const { failed, deeds } = ledger.of(name);
  const wasUndone = fate === 'third call undone' && deeds.includes(`${actor} undone`);
  const outcome = wasUndone ? 'answered' : (calls[failed.length] ?? 'answered');
  const number = failed.length + 1;
  if (fate === 'begun at the wrong desk' && failed.length === 0)
    await beginWrongly(shared, desk, name);
  if (outcome === 'answered') {
    if (await answered(shared, desk, name, number)) begun(shared, desk, name, 'attempt');
    return;
  }
  const result = await log(shared, desk, name, outcome, number);
  if (!ledger.expect(`${desk} calls ${name}`, answerOf(result), 'ok')) return;
  ledger.call(name, outcome, actor);
  const isEarly =
    (fate === 'early press' && number === 1) || (fate === 'third press' && number === 2);
  if (isEarly) {
    const again = await log(shared, desk, name, 'no_answer', number + 1);
    if (ledger.expect(`${desk} presses too early for ${name}`, answerOf(again), 'early'))
      ledger.made.add(fate);
  }
  if (fate === 'third call undone' && number === 3 && failed.length === 3)
    await undoCall(shared, desk, name);
}

/** Somebody answers the call. Who presses twice begins once. */
async function answered(
  shared: Shared,
  desk: Desk,
  name: string,
  number: number,
): Promise<boolean> {
  const { ledger } = shared.world;
  if (citizenOf(shared, name).fate !== 'double begin')
    return ledger.expect(
      `${desk} begins with ${name}`,
      answerOf(await log(shared, desk, name, 'answered', number)),
      'ok',
    );
  const both = await Promise.all([
    log(shared, desk, name, 'answered', number),
    log(shared, desk, name, 'answered', number),
  ]);
  const begins = both.filter((each) => each.ok).length;
  if (begins !== 1) ledger.wrong(`${name} was begun ${begins} times by two presses`);
  ledger.made.add('double begin');
  return begins > 0;
}

async function undoCall(shared: Shared, desk: Desk, name: string): Promise<void> {
  const { world } = shared;
  const undone = await world.context.encounter.undo(
    world.at(desk),
    world.office,
    idOf(shared, name),
    'attempt',
  );
  if (world.ledger.expect(`${desk} undoes a call to ${name}`, answerOf(undone), 'ok'))
    world.ledger.undoCall(name, world.actor(desk));
  world.ledger.made.add('third call undone');
}

/** A colleague begins with a citizen of another desk by mistake, and takes it back. */
async function beginWrongly(shared: Shared, desk: Desk, name: string): Promise<void> {
  const { world, serving } = shared;
  const { ledger, context } = world;
  const other = DESK_CODES.find((each) => each !== desk && !serving.has(each));
  if (!other) return;
  const id = idOf(shared, name);
  const begins = await context.encounter.start(world.at(other), world.office, id);
  if (!ledger.expect(`${other} begins with ${name}`, answerOf(begins), 'ok')) return;
  ledger.begin(name, other, world.actor(other), 'started');
  const undone = await context.encounter.undo(world.at(other), world.office, id, 'begin');
  if (ledger.expect(`${other} undoes ${name}`, answerOf(undone), 'ok'))
    ledger.undoBegin(name, other, world.actor(other));
  ledger.made.add('begun at the wrong desk');
}

async function giveUp(shared: Shared, desk: Desk, name: string): Promise<void> {
  const { world } = shared;
  const { encounter } = world.context;
  const result = await encounter.giveUp(world.at(desk), world.office, idOf(shared, name));
  if (world.ledger.expect(`${desk} gives ${name} up`, answerOf(result), 'ok'))
    world.ledger.giveUp(name, world.actor(desk));
}

/** In the middle of an encounter, or at its end. */
async function goOn(shared: Shared, desk: Desk): Promise<void> {
  const { world, serving } = shared;
  const now = serving.get(desk)!;
  if (now.notes === '') await writeNote(shared, desk, now);
  if (world.ledger.now < now.until || !serving.has(desk)) return;
  const { encounter } = world.context;
  const notes = `${now.notes}. Done`;
  const of = { appointment: idOf(shared, now.name) };
  const result = await encounter.close(
    world.at(desk),
    world.office,
    of,
    now.version,
    draftOf(notes),
  );
  if (!world.ledger.expect(`${desk} closes ${now.name}`, answerOf(result), 'ok')) return;
  world.ledger.close(now.name, desk, notes, world.actor(desk));
  serving.delete(desk);
}

/** Saves; what was answered as saved is in the ledger. */
async function save(
  shared: Shared,
  desk: Desk,
  now: Serving,
  { notes, version, base }: { notes: string; version: number; base: string },
): Promise<string> {
  const { world } = shared;
  const of = { appointment: idOf(shared, now.name) };
  const how = { base: draftOf(base) };
  const { encounter } = world.context;
  const result = await encounter.save(
    world.at(desk),
    world.office,
    of,
    version,
    draftOf(notes),
    how,
  );
  if (!result.ok) return result.reason;
  world.ledger.save(now.name, notes, world.actor(desk));
  Object.assign(now, { notes, version: result.version });
  return 'ok';
}

async function writeNote(shared: Shared, desk: Desk, now: Serving): Promise<void> {
  const { world, serving } = shared;
  const { ledger, context } = world;
  const { name } = now;
  const { fate } = citizenOf(shared, name);
  const notes = `${name} at ${desk}`;
  const first = { notes, version: now.version, base: '' };
  ledger.expect(`${desk} saves ${name}`, await save(shared, desk, now, first), 'ok');
  if (fate === 'lost answer to a note') {
    // The connection went before the answer came: the page sends the same again, and then what was typed since.
    const again = { ...first, notes };
    ledger.expect(`${desk} saves ${name} again`, await save(shared, desk, now, again), 'ok');
    ledger.made.add(fate);
  }
  if (fate === 'second tab') await writeInSecondTab(shared, desk, now);
  if (fate === 'begin beside another') await beginBeside(shared, desk);
  if (fate === 'taken over') {
    const other = DESK_CODES.find((each) => each !== desk && !serving.has(each));
    if (!other) return;
    const from = world.actor(desk);
    const id = idOf(shared, name);
    const taken = await context.coordination.takeOver(world.at(other), world.office, id, from);
    if (!ledger.expect(`${other} takes ${name} over`, answerOf(taken), 'ok')) return;
    ledger.takeOver(name, desk, other, world.actor(other));
    ledger.made.add(fate);
    const card = await context.cards.open(world.at(other), world.office, id);
    serving.delete(desk);
    serving.set(other, { ...now, version: card?.dossier.encounter?.version ?? 0 });
  }
}

/** Another tab shows what stood before: it is refused, shown what is there, and both are kept. */
async function writeInSecondTab(shared: Shared, desk: Desk, now: Serving): Promise<void> {
  const { ledger } = shared.world;
  const { name, notes, version } = now;
  const other = `${name} in another tab`;
  const stale = await save(shared, desk, now, { notes: other, version: 1, base: '' });
  ledger.expect(`${desk} saves ${name} in two tabs`, stale, 'stale');
  const both = { notes: `${notes}; ${other}`, version, base: notes };
  ledger.expect(`${desk} saves both of ${name}`, await save(shared, desk, now, both), 'ok');
  ledger.made.add('second tab');
}

/** A second encounter at a desk is not begun without a question. */
async function beginBeside(shared: Shared, desk: Desk): Promise<void> {
  const { world } = shared;
  const next = await world.context.encounter.day(
    world.at(desk),
    world.office,
    at(world.ledger.now).toZonedDateTimeISO('Europe/Madrid').toPlainDate(),
    null,
  );
  const waiting = next.find((each) => each.status === 'booked' && each.failedAttempts === 0);
  if (!waiting) return;
  const { encounter } = world.context;
  const result = await encounter.start(world.at(desk), world.office, waiting.id);
  world.ledger.made.add('begin beside another');
  if (world.ledger.expect(`${desk} begins another`, answerOf(result), 'busy')) return;
  if (result.ok) begun(shared, desk, nameOf(shared, waiting.id), 'started');
}

async function correct(shared: Shared, name: string): Promise<void> {
  const { world } = shared;
  const { context, ledger } = world;
  const desk = DESK_CODES[2]!;
  const appointment: Appointment | null = await context.appointments.byId(
    world.office,
    idOf(shared, name),
  );
  const card =
    appointment && (await context.cards.open(world.at(desk), world.office, appointment.id));
  const version = card?.dossier.encounter?.version ?? 0;
  const notes = `${ledger.of(name).notes}; corrected`;
  const of = { appointment: idOf(shared, name) };
  const { encounter } = context;
  const result = await encounter.correct(world.at(desk), world.office, of, version, draftOf(notes));
  if (ledger.expect(`${desk} corrects ${name}`, answerOf(result), 'ok'))
    ledger.correct(name, notes, world.actor(desk));
  ledger.made.add('is corrected the day after');
}
