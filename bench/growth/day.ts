import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { readConfig } from '../../src/config.ts';
import { type Context, openContext } from '../../src/context.ts';
import { writeCases } from '../../src/demo/cases/writing.ts';
import { readAgents } from '../../src/demo/desks.ts';
import type { Appointment } from '../../src/domain/appointment.ts';
import type { Channel } from '../../src/domain/channel.ts';
import type { Office } from '../../src/domain/office/types.ts';
import type { EncounterDraft } from '../../src/features/service/encounter/types.ts';
import { type MovableClock, movableClock, systemClock } from '../../src/lib/clock.ts';
import type { StaffViewer } from '../../src/lib/viewer.ts';
import { startWorker } from '../../src/worker.ts';
import { temporaryFolder } from '../lib/database.ts';
import { ensureBuilt, startServer } from '../lib/server.ts';

/** A Monday morning in the demo town. */
const MORNING = Temporal.Instant.from('2026-11-30T07:00:00+01:00');
const OFFICE = 'oac';
const PROCEDURES: Readonly<Record<string, string>> = {
  phone: 'volant-padro',
  video: 'volant-padro',
};

/** What is lived: of 400 encounters, what comes to a city's office by each way. No town's figures: an assumption, with something of everything. */
export const LIVED = {
  phone: 130,
  video: 60,
  in_person: 100,
  withoutAppointment: 80,
  chats: 30,
  cancelled: 40,
  missed: 25,
  moved: 25,
  documents: 50,
  surveys: 60,
  cases: 40,
  requests: 40,
} as const;

/** How many encounters are lived. */
export const ENCOUNTERS =
  LIVED.phone + LIVED.video + LIVED.in_person + LIVED.withoutAppointment + LIVED.chats;

/** Opens the demo town, lives some of its days by its services with a worker beside it, and looks at its database. */
export async function withLivedDays<T>(
  print: (line: string) => void,
  {
    before,
    after,
  }: { before(context: Context): Promise<void>; after(context: Context): Promise<T> },
): Promise<T> {
  const folder = temporaryFolder();
  const config = readConfig({
    DATA_DIR: join(folder.path, 'data'),
    DEMO: '1',
    LOG_LEVEL: 'silent',
    CLOCK: MORNING.toString(),
    ROLES: 'web',
  });
  try {
    await ensureBuilt();
    // A first start declares the demo town.
    const server = await startServer(config.dataDir, { CLOCK: MORNING.toString(), ROLES: 'web' });
    await server.stop();
    const ahead = MORNING.epochMilliseconds - systemClock.now().epochMilliseconds;
    const clock = movableClock(ahead);
    const context = await openContext(config, { clock });
    try {
      await before(context);
      await live(context, clock, print);
      return await after(context);
    } finally {
      await context.close();
    }
  } finally {
    folder.remove();
  }
}

async function live(
  context: Context,
  clock: MovableClock,
  print: (line: string) => void,
): Promise<void> {
  print('cases');
  await writeCases(context);
  const worker = startWorker(context);
  try {
    const office = (await context.offices.find(OFFICE))!;
    const desks = await readAgents(context, office);
    const town: Lived = { context, clock, office, desks };
    print('bookings');
    const booked = await bookAll(town);
    print('encounters');
    await meetAll(town, booked);
    for (let nth = 0; nth < LIVED.requests; nth++) await request(town);
    // What is sent afterwards: thanks, surveys, reminders of what was missed.
    clock.moveTo(clock.now().add({ hours: 26 }));
    for (let waiting = 1; waiting > 0; ) {
      await wait(1_000);
      waiting = (await context.operating.facts()).stored?.queues.mail.waiting ?? 1;
    }
  } finally {
    await worker.stop();
  }
}

interface Lived {
  context: Context;
  clock: MovableClock;
  office: Office;
  /** Who is at each desk, by its id. */
  desks: ReadonlyMap<number, StaffViewer>;
}

const citizenOf = (nth: number) => ({
  name: `Maria Puig i Ferrer ${nth}`,
  email: `maria.puig.${nth}@example.org`,
  phone: `+34${600_000_000 + nth}`,
});

/** Books every appointment of those days, by each way; some are called off or moved at once. */
async function bookAll(town: Lived): Promise<Appointment[]> {
  const { appointments } = town.context;
  const all: Appointment[] = [];
  const ways = [
    ...Array<Channel>(LIVED.phone + LIVED.cancelled + LIVED.missed).fill('phone'),
    ...Array<Channel>(LIVED.video + LIVED.moved).fill('video'),
    ...Array<Channel>(LIVED.in_person).fill('in_person'),
  ];
  const free = await freeTimes(town);
  for (const [nth, channel] of ways.entries()) {
    const booked = await bookNext(town, free, channel, nth);
    if (nth < LIVED.cancelled)
      await appointments.cancel(asCitizen(booked.id), town.office, booked.id, 'No hi puc anar');
    else if (
      channel === 'video' &&
      all.filter((each) => each.channel === 'video').length < LIVED.moved
    ) {
      const start = Temporal.Instant.from(free.get('video')?.pop() ?? '');
      const moved = await appointments.move(asCitizen(booked.id), town.office, booked.id, {
        start,
      });
      if (moved.ok) all.push(moved.appointment);
    } else all.push(booked);
  }
  return all.toSorted((a, b) => Temporal.Instant.compare(a.start, b.start));
}

const asCitizen = (appointment: string) => ({ kind: 'citizen', appointment }) as const;

/** The starts that are free on each way, as often as desks could take them; the soonest last. */
async function freeTimes({ context, office }: Lived): Promise<Map<Channel, string[]>> {
  const from = MORNING.toZonedDateTimeISO(office.timeZone).toPlainDate().add({ days: 1 });
  const span = { from: String(from), to: String(from.add({ days: 20 })) };
  const all = new Map<Channel, string[]>();
  for (const channel of ['phone', 'video', 'in_person'] as const) {
    const procedure = procedureOf(office, channel);
    const found = await context.slots.search(office, { procedure, channel, language: 'ca' }, span);
    if (!found.ok) throw new Error(found.reason);
    all.set(channel, found.slots.map(({ start }) => start.toString()).toReversed());
  }
  return all;
}

/** Returns the first procedure that the office has on a way. */
function procedureOf(office: Office, channel: Channel): string {
  const found = office.procedures.find(({ channels }) => channels[channel] !== undefined);
  if (!found) throw new Error(`The office has nothing by ${channel}`);
  return PROCEDURES[channel] ?? found.code;
}

async function bookNext(
  { context, office }: Lived,
  free: ReadonlyMap<Channel, string[]>,
  channel: Channel,
  nth: number,
): Promise<Appointment> {
  for (let start = free.get(channel)?.pop(); start; start = free.get(channel)?.pop()) {
    const booked = await context.appointments.book({ kind: 'citizen' }, office, {
      procedure: procedureOf(office, channel),
      channel,
      language: 'ca',
      noticeLanguage: 'ca',
      start: Temporal.Instant.from(start),
      citizen: citizenOf(nth),
      onBehalfOf: null,
      needs: [],
      comment: nth % 4 === 0 ? 'Porto el DNI i el contracte del pis.' : '',
    });
    if (booked.ok) return booked.appointment;
    if (booked.reason !== 'slot_taken') throw new Error(booked.reason);
  }
  throw new Error(`There is no more time by ${channel}`);
}

/** A page of PDF in size: 80 kB. */
const PAPER = Buffer.concat([Buffer.from('%PDF-1.4\n'), Buffer.alloc(80_000, 'x')]);

/** Has everybody come at their time, and the desks deal with them. */
async function meetAll(town: Lived, booked: readonly Appointment[]): Promise<void> {
  let missed = 0;
  let surveys = 0;
  let papers = 0;
  let seen = '';
  let chats = 0;
  const { context, clock, office, desks } = town;
  const walkIns = Math.ceil(booked.length / LIVED.withoutAppointment);
  for (const [nth, appointment] of booked.entries()) {
    const { id, desk, channel, start } = appointment;
    const agent = desks.get(desk ?? 0) ?? [...desks.values()][0]!;
    if (papers < LIVED.documents && channel !== 'in_person' && ++papers) await hand(town, id);
    // Each leap has every job look what is due.
    if (Temporal.Instant.compare(clock.now(), start) < 0) clock.moveTo(start);
    const day = start.toZonedDateTimeISO(office.timeZone).toPlainDate();
    if (seen !== `${day}`) {
      for (const each of desks.values()) {
        await context.presence.visit(each, office, { isIdle: false });
        await context.encounter.day(each, office, day, each.desk);
      }
      seen = `${day}`;
    }
    await context.cards.open(agent, office, id);
    if (channel === 'phone' && missed < LIVED.missed) {
      missed++;
      await call(town, agent, id, ['no_answer', 'no_answer', 'no_answer']);
      continue;
    }
    await meet(town, agent, appointment, nth);
    if (surveys < LIVED.surveys && nth % 4 === 0) {
      surveys++;
      const met = await context.appointments.byId(office, id);
      if (met)
        await context.survey.answer(met, { score: 9, solved: 'yes', heard: null, comment: '' });
    }
    if (nth % walkIns === 0) await withoutAppointment(town, agent, nth);
    if (chats < LIVED.chats && (await chat(town, nth))) chats++;
  }
  if (chats < LIVED.chats) throw new Error(`Only ${chats} conversations were taken`);
  for (let nth = Math.ceil(booked.length / walkIns); nth < LIVED.withoutAppointment; nth++)
    await withoutAppointment(town, [...desks.values()][nth % desks.size]!, nth);
}

async function call(
  { context, office }: Lived,
  agent: StaffViewer,
  id: string,
  outcomes: readonly ('answered' | 'no_answer')[],
): Promise<void> {
  for (const [index, outcome] of outcomes.entries())
    await context.encounter.logAttempt(agent, office, id, {
      number: index + 1,
      outcome,
      note: '',
      anyway: true,
    });
}

async function meet(
  town: Lived,
  agent: StaffViewer,
  { id, channel }: Appointment,
  nth: number,
): Promise<void> {
  const { context, office } = town;
  const { encounter, checkIns, callQuality } = context;
  if (channel === 'phone')
    await call(town, agent, id, nth % 3 === 0 ? ['no_answer', 'answered'] : ['answered']);
  else {
    if (channel === 'in_person') await checkIns.arrive(asCitizen(id), office.id, id);
    await encounter.start(agent, office, id, { anyway: true });
  }
  if (channel === 'video')
    for (const side of ['agent', 'citizen'] as const)
      await callQuality.report(
        { office: office.id, appointment: id, side },
        JSON.stringify(reportOf(side === 'agent' ? 'citizen' : 'agent')),
      );
  const closed = await encounter.close(agent, office, { appointment: id }, 1, draftOf(town, nth), {
    anyway: true,
  });
  if (!closed.ok) throw new Error(`An encounter by ${channel} could not be ended`);
}

const reportOf = (from: 'agent' | 'citizen') => ({
  id: randomUUID(),
  from,
  seconds: 612,
  firstFrameMs: 840,
  path: 'host',
  lossPercent: 0.3,
  rttMs: 41,
  fps: 24.7,
  freezes: 1,
  frozenSeconds: 0.4,
  reconnections: 0,
  audioOnlySeconds: 0,
  width: 640,
  height: 480,
});

/** One or two things done, and a note of a line. */
function draftOf({ office }: Lived, nth: number): EncounterDraft {
  const { outcomes, wrapUpCodes } = office.settings;
  const item = {
    kind: 'procedure',
    procedure: office.procedures[nth % office.procedures.length]?.code ?? null,
    query: null,
    label: '',
    outcome: outcomes[0]?.code ?? '',
  } as const;
  return {
    items: nth % 2 === 0 ? [item, item] : [item],
    identity: 'shown',
    identityNote: '',
    notes: 'Ha portat el contracte; li hem explicat què falta i quan ho rebrà.',
    wrapUp: wrapUpCodes[0]?.code ?? null,
    points: [],
  };
}

async function withoutAppointment(town: Lived, agent: StaffViewer, nth: number): Promise<void> {
  const { context, office } = town;
  const person = { channel: 'in_person', language: 'ca', name: `Rosa Soler ${nth}` } as const;
  const begun = await context.encounter.begin(agent, office, person);
  if (!begun.ok) throw new Error(begun.reason);
  const of = { encounter: begun.id };
  await context.encounter.close(agent, office, of, 1, draftOf(town, nth), { anyway: true });
}

async function hand({ context, office, desks }: Lived, id: string): Promise<void> {
  const paper = {
    kind: 'inbox',
    requested: null,
    name: 'contracte.pdf',
    type: 'application/pdf',
  } as const;
  const kept = await context.documents.keep(asCitizen(id), office, id, paper, PAPER);
  if (!kept.ok) throw new Error(kept.reason);
  const agent = [...desks.values()][0]!;
  const opened = await context.documents.open(agent, office, id, kept.id);
  if (opened) for await (const _ of opened.read());
}

/** A conversation in writing of seven lines. Returns whether a desk took it. */
async function chat({ context, office, desks }: Lived, nth: number): Promise<boolean> {
  const { chats, chatDesk, presence } = context;
  const line = (text: string) => ({ key: randomUUID(), text, language: 'ca' as const });
  for (const each of desks.values()) await presence.visit(each, office, { isIdle: false });
  const asked = { ...line('Bon dia, una pregunta del padró'), topic: 'padro', name: `Marc ${nth}` };
  const begun = await chats.begin(office, asked);
  if (!begun.ok) return false;
  const viewer = { kind: 'chatting', chat: begun.id } as const;
  for (const agent of desks.values()) {
    if (!(await chatDesk.take(agent, office, begun.id)).ok) continue;
    for (let each = 0; each < 3; each++) {
      await chatDesk.write(agent, office, begun.id, line('Digui, en què la puc ajudar avui?'));
      await chats.write(viewer, office, line('Em fa falta un volant per a l’escola.'));
    }
    await chatDesk.end(agent, office, begun.id);
    return true;
  }
  return false;
}

/** Somebody tells of a street light. */
async function request({ context, office }: Lived): Promise<void> {
  const { requests } = context;
  const begun = await requests.begin(office, { type: 'fanal', language: 'ca' });
  if (!begun) throw new Error('The office takes no requests');
  const viewer = { kind: 'requester', request: begun.id } as const;
  const address = 'Carrer de la Font, 14';
  const point = { lat: 41.5446, lon: 2.1079 };
  await requests.writePlace(viewer, office, begun.id, { point, address, area: null });
  const text = 'El fanal de davant del 14 fa pampallugues i de nit no s’hi veu.';
  const answers = { 'que-passa': ['pampallugues'] };
  await requests.writeText(viewer, office, begun.id, { text, answers });
  await requests.writeContact(viewer, office, begun.id, {
    tellBy: 'email',
    isAnonymous: false,
    name: 'Rosa Soler',
    email: `rosa.${begun.id.slice(0, 8)}@example.org`,
    phone: '',
  });
  const sent = await requests.send(viewer, office, begun.id);
  if (!sent.ok) throw new Error(`A request was refused: ${sent.reason}`);
}
