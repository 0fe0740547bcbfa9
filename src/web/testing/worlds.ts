import { randomUUID } from 'node:crypto';
import type { Appointment } from '../../domain/appointment.ts';
import type { Channel } from '../../domain/channel.ts';
import { formSchema } from '../../domain/form/schema.ts';
import type { Office } from '../../domain/office/types.ts';
import { makeToken } from '../../features/foundation/tokens/testing.ts';
import { pdf } from '../../features/service/documents/checks/testing/files.ts';
import { newCode } from '../../features/service/verification/service.ts';
import { INSTALLATION, within } from '../../lib/db/database.ts';
import type { StaffViewer } from '../../lib/viewer.ts';
import { handInToCosign } from './cosigned.ts';
import { provedElsewhere } from './elsewhere.ts';
import { identified } from './identification.ts';
import type { Instance } from './instance.ts';
import { askReport } from './reported.ts';
import { sentRequestOf } from './requested.ts';
import { beginSigned, cosignAsDemo, signAsDemo } from './signed.ts';
import { toldTo } from './told.ts';

/** The values in the addresses of one office: real ids and secrets, or some that don't exist. */
export interface World {
  office: string;
  procedure: string;
  appointment: string;
  /** Its desk. */
  desk: string;
  /** A document whose upload the citizen began. */
  document: string;
  /** A result for the citizen, with a verification code. */
  result: string;
  /** Without the citizen's consent. */
  act: string;
  /** Somebody who identified for the appointment. */
  identified: string;
  webhook: string;
  /** The number of an API token. */
  token: string;
  /** The number of the first version of its declaration: 1 in all worlds. */
  version: string;
  /** A person who works only there. */
  person: string;
  /** An absence of a desk, noted by a coordinator. */
  absence: string;
  /** A change of the rota by the same coordinator. */
  rotaChange: string;
  /** A passkey of the viewer `OWNER`; the same in all worlds. */
  passkey: string;
  /** A request about the appointment that the viewer `OWNER` said yes to. */
  request: string;
  /** The secret of the citizen's link. */
  secret: string;
  /** A companion, invited while it was a video call. */
  companion: string;
  /** The secret of another companion's link, which is never revoked. */
  invitation: string;
  journey: string;
  waiting: string;
  /** The secret of the link of a conversation in writing. */
  chat: string;
  /** A file of it. */
  chatFile: string;
  /** The secret of the link of a case that somebody began without being identified. */
  case: string;
  /** A case that an official began with somebody at the counter. */
  assisted: string;
  /** A case that was handed in and decided. */
  decided: string;
  /** Who else signed it. */
  cosigner: string;
  /** A file that was handed in with it. */
  paper: string;
  /** The secret of the link of somebody who must sign a case. */
  cosign: string;
  /** The number under which the decided case was handed in. */
  entry: string;
  /** A report that was asked of another office about that case. */
  asked: string;
  /** The id of a request that was sent, and a photo of it. */
  sentRequest: string;
  requestPhoto: string;
  /** A report that is asked of this office, and a file that it is shown; see `reportOf`. */
  report: string;
  shown: string;
  /** A page of its form, one of its questions, and one of a group. */
  step: string;
  question: string;
  item: string;
  /** The secret of the link of a request that was sent, one of its photos, and the secret of somebody who follows another one. */
  told: string;
  photo: string;
  following: string;
  notice: string;
  /** A message that somebody left when nobody could answer. */
  message: string;
  /** The calendar of a desk. */
  calendar: string;
  /** The file of a desk's calendar feed, whose name is its secret. */
  feed: string;
}

/** What somebody wishes who takes any earlier day. */
const ANY_DAY = { firstDay: null, lastDay: null, part: null };

/** Makes requests: one that agents see, one with its person's link, and one that somebody follows. */
const requestsOf = async (house: Instance, office: Office) => ({
  ...(await sentRequestOf(house, office)),
  ...(await toldTo(house.context, office)),
});

/** Makes an appointment with everything that belongs to it. */
export async function worldOf(house: Instance, code: string, procedure: string): Promise<World> {
  const { context } = house;
  const office = (await context.offices.find(code))!;
  const choice = { procedure, channel: 'video', language: 'ca' } as const;
  const byPhone = await startsOf(house, office, { ...choice, channel: 'phone' });
  const both = (await startsOf(house, office, choice)).filter((start) =>
    byPhone.some((each) => each.equals(start)),
  );
  const [first, second] = both.slice(-2);
  const booked = await context.appointments.book({ kind: 'citizen' }, office, {
    ...choice,
    start: first!,
    noticeLanguage: 'ca',
    onBehalfOf: null,
    needs: [],
    comment: '',
    citizen: { name: `Rosa of ${code}`, email: `rosa@${code}.example`, phone: '+34600123456' },
  });
  if (!booked.ok) throw new Error(booked.reason);
  const { appointment } = booked;
  const journey = await context.journeys.start(office, { ...choice, start: second! }, 'ca');
  if (!journey.ok) throw new Error(journey.reason);
  const waiting = await context.waitList.joinEarlier(office, appointment, ANY_DAY);
  if (!waiting.ok) throw new Error(waiting.reason);
  return {
    office: code,
    procedure,
    appointment: appointment.id,
    document: await documentOf(house, office, appointment.id),
    result: await resultOf(house, office, appointment.id),
    act: await actOf(house, appointment),
    identified: '',
    webhook: await webhookOf(house, office),
    token: await tokenOf(house, office),
    version: '1',
    ...(await staffOf(house, office)),
    feed: await feedOf(house, office),
    calendar: await calendarOf(house, office),
    passkey: '',
    request: '',
    secret: context.appointments.secretOf(appointment),
    ...(await companionsOf(house, office, appointment)),
    desk: await deskOf(house, office, appointment.id),
    journey: journey.id,
    waiting: waiting.secret,
    ...(await chatOf(house, office)),
    case: await caseOf(house, office, procedure),
    assisted: await assistedOf(house, office, procedure),
    ...(await decidedOf(house, office, procedure)),
    cosign: (await handInToCosign(context, office, procedure)).secret,
    ...(await requestsOf(house, office)),
    report: '',
    shown: '',
    step: 'qui',
    question: 'nom',
    item: '1',
    notice: await noticeOf(house, office),
    message: await messageOf(house, office),
  };
}

/** Returns values that don't exist, for an existing or a missing office. */
export const unknownWorld = (office: string, procedure: string): World => ({
  office,
  procedure,
  appointment: randomUUID(),
  webhook: randomUUID(),
  token: '999999999',
  version: '999999999',
  document: randomUUID(),
  result: randomUUID(),
  act: randomUUID(),
  identified: randomUUID(),
  desk: 'no-such-desk',
  person: '999999999',
  absence: '999999999',
  rotaChange: '999999999',
  passkey: randomUUID(),
  request: randomUUID(),
  secret: secret(),
  companion: randomUUID(),
  invitation: secret(),
  assisted: randomUUID(),
  decided: randomUUID(),
  paper: randomUUID(),
  asked: randomUUID(),
  cosign: secret(),
  told: secret(),
  photo: randomUUID(),
  following: secret(),
  entry: 'E2026999999',
  cosigner: randomUUID(),
  sentRequest: randomUUID(),
  requestPhoto: randomUUID(),
  report: randomUUID(),
  shown: randomUUID(),
  journey: secret(),
  waiting: secret(),
  chat: secret(),
  chatFile: randomUUID(),
  case: secret(),
  step: 'qui',
  question: 'nom',
  item: '1',
  notice: `${secret()}.${secret()}`,
  message: randomUUID(),
  feed: `${secret()}.ics`,
  calendar: randomUUID(),
});

const secret = (): string => randomUUID().replaceAll('-', '');

async function startsOf(
  { context }: Instance,
  office: Office,
  choice: { procedure: string; channel: Channel; language: 'ca' },
): Promise<Temporal.Instant[]> {
  const today = context.clock.now().toZonedDateTimeISO(office.timeZone).toPlainDate();
  const found = await context.slots.search(office, choice, {
    from: today.toString(),
    to: today.add({ days: 14 }).toString(),
  });
  if (!found.ok) throw new Error(found.reason);
  return found.slots.map((each) => each.start);
}

/** Invites two companions and continues by phone, where every permitted viewer may press every button. */
async function companionsOf({ context }: Instance, office: Office, { id, start }: Appointment) {
  const citizen = { kind: 'citizen', appointment: id } as const;
  const invite = async (name: string) => {
    const invitation = { name, role: 'interpreter' } as const;
    const made = await context.companions.invite(citizen, office.id, id, invitation);
    if (!made.ok) throw new Error(made.reason);
    return made.companion.id;
  };
  const companion = await invite(`Nur of ${office.code}`);
  const other = await invite('Pau');
  const moved = await context.appointments.move(citizen, office, id, { start, channel: 'phone' });
  if (!moved.ok) throw new Error(moved.reason);
  return { companion, invitation: context.companions.secretOf(other) };
}

/** Leaves a message, which everybody who serves citizens may answer. */
async function messageOf({ context }: Instance, office: Office): Promise<string> {
  const done = await context.chats.leaveMessage(office, {
    key: randomUUID(),
    topic: office.settings.chat.topics[0]?.code ?? '',
    language: 'ca',
    name: 'Rosa',
    text: 'Bon dia',
    email: 'rosa@example.cat',
    phone: null,
  });
  if (!done.ok) throw new Error(done.reason);
  return done.id;
}

/** Returns the present desk of an appointment that was moved. */
async function deskOf({ context }: Instance, office: Office, appointment: string): Promise<string> {
  const found = await context.appointments.byId(office, appointment);
  return office.desk(found?.desk ?? 0)?.code ?? '';
}

/** Identifies somebody for the appointment of a world, another person in each office. */
export async function identifiedFor(
  { context }: Instance,
  { office: code, appointment }: World,
): Promise<string> {
  const office = (await context.offices.find(code))!;
  const letters = 'TRWAGMYFPDXBNJZSQVHLCKE';
  const identification = await identified(context, `${office.id}${letters[office.id % 23]}`);
  const viewer = { kind: 'citizen', appointment } as const;
  await context.identifying.settle(viewer, office, identification);
  const { people } = await context.identifying.standing({ id: appointment, office: office.id });
  return people[0]?.person ?? '';
}

async function documentOf(
  { context }: Instance,
  office: Office,
  appointment: string,
): Promise<string> {
  const viewer = { kind: 'citizen', appointment } as const;
  const paper = { kind: 'inbox', requested: null, name: 'dni.txt', type: 'text/plain' } as const;
  const { documents } = context;
  const kept = await documents.keep(viewer, office, appointment, paper, Buffer.from('Rosa\n'));
  if (!kept.ok || !('id' in kept)) throw new Error('not kept');
  await documents.pass();
  return kept.id;
}

/** Makes a finished act: every permitted viewer may press every button. */
async function actOf(
  { database }: Instance,
  { id, office, createdAt }: Appointment,
): Promise<string> {
  const act = randomUUID();
  const at = createdAt.toString();
  await within(database.kysely, office, (tx) =>
    tx
      .insertInto('act')
      .values({
        id: act,
        office_id: office,
        appointment_id: id,
        template: 'volant',
        language: 'ca',
        state: 'declined',
        prepared_at: at,
        prepared_by: 'staff:0',
        expires_at: at,
        settled_at: at,
        copy_id: randomUUID(),
      })
      .execute(),
  );
  return act;
}

async function resultOf(
  { context }: Instance,
  office: Office,
  appointment: string,
): Promise<string> {
  const { documents } = context;
  const result = {
    kind: 'outbox',
    requested: null,
    name: 'volant.txt',
    type: 'text/plain',
  } as const;
  const kept = await documents.keep(
    staffOfOffice(office),
    office,
    appointment,
    { ...result, code: newCode() },
    Buffer.from('Consta empadronada\n'),
  );
  if (!kept.ok || !('id' in kept)) throw new Error('not kept');
  await documents.pass();
  return kept.id;
}

const staffOfOffice = ({ id }: Office): StaffViewer => ({
  kind: 'staff',
  staff: 0,
  name: 'Test',
  office: id,
  role: 'administrator',
  desk: null,
});

async function webhookOf({ context }: Instance, office: Office): Promise<string> {
  const url = 'https://example.org/hook';
  const added = await context.webhooks.add(staffOfOffice(office), {
    url,
    kinds: ['booked'],
    personal: false,
  });
  if (!added.ok) throw new Error(added.reason);
  return added.id;
}

async function tokenOf({ context: { tokens } }: Instance, office: Office): Promise<string> {
  await makeToken(tokens, office, { name: 'Spare' });
  return String((await tokens.list(office)).find((each) => each.name === 'Spare')?.id);
}

/** Connects the calendar of a desk, on a server that nobody reaches. */
async function calendarOf({ database, context }: Instance, office: Office): Promise<string> {
  const id = randomUUID();
  const at = context.clock.now().toString();
  await within(database.kysely, INSTALLATION, async (tx) => {
    const { id: by } = await tx.selectFrom('staff').select('id').limit(1).executeTakeFirstOrThrow();
    await tx
      .insertInto('calendar_connection')
      .values({
        id,
        office_id: office.id,
        desk_id: office.desks[0]!.id,
        kind: 'caldav',
        address: 'https://192.0.2.1/',
        calendar: 'https://192.0.2.1/a/',
        reads: true,
        writes: false,
        names: false,
        made_at: at,
        made_by: by,
        next_try_at: at,
      })
      .execute();
  });
  return id;
}

/** Makes the calendar feed of somebody who works there, and whose role no request changes. */
async function feedOf({ context, database }: Instance, office: Office): Promise<string> {
  const email = `reader@${office.code}.example`;
  const roles = [{ office: office.code, role: 'coordinator' }] as const;
  await context.staff.seedDemo([{ email, name: `Reader of ${office.code}`, roles: [...roles] }]);
  const { id: staff } = await within(database.kysely, INSTALLATION, (tx) =>
    tx.selectFrom('staff').select('id').where('email', '=', email).executeTakeFirstOrThrow(),
  );
  const viewer = { ...staffOfOffice(office), staff };
  const wish = { desk: office.desks[0]!.code, names: false };
  return `${await context.calendarFeeds.make(viewer, office, wish)}.ics`;
}

/** Makes a member of this office's staff, and an absence that they noted. */
async function staffOf({ context, database }: Instance, { id, code, desks }: Office) {
  const email = `spare@${code}.example`;
  const desk = desks[0]!;
  const roles = [{ office: code, role: 'agent', desk: desk.code }] as const;
  await context.staff.seedDemo([{ email, name: `Spare of ${code}`, roles: [...roles] }]);
  return within(database.kysely, INSTALLATION, async (tx) => {
    const person = await tx
      .selectFrom('staff')
      .select('id')
      .where('email', '=', email)
      .executeTakeFirstOrThrow();
    const change = await tx
      .insertInto('rota_change')
      .values({
        office_id: id,
        made_by: person.id,
        kind: 'close',
        resolutions: '[]',
        made_at: '2026-11-30T07:00:00Z',
        settled_at: '2026-11-30T07:00:00Z',
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    const absence = await tx
      .insertInto('absence')
      .values({
        office_id: id,
        desk_id: desk.id,
        why: '',
        change_id: change.id,
        starts: '2027-03-01T09:00',
        ends: '2027-03-01T10:00',
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    return {
      person: String(person.id),
      absence: String(absence.id),
      rotaChange: String(change.id),
    };
  });
}

/** Publishes a form and begins a case with it. Returns the secret of its link. */
async function caseOf({ context }: Instance, office: Office, procedure: string): Promise<string> {
  const { forms, cases } = context;
  const form = formSchema.parse({
    procedure,
    steps: [
      { id: 'qui', questions: [{ id: 'nom', type: 'text', label: { ca: 'Nom' } }] },
      { id: 'local', questions: [{ id: 'planol', type: 'file', label: { ca: 'Plànol' } }] },
    ],
  });
  await forms.publish({ kind: 'system', why: 'operator' }, office, form);
  const nobody = { kind: 'applicant', case: '', identified: null } as const;
  const what = { procedure, door: 'online', language: 'ca' } as const;
  const id = await cases.begin(nobody, office, what);
  if (!id) throw new Error('No case was begun');
  return cases.secretOf({ id, link: 0 });
}

/** Begins a case with somebody at the counter. Returns its id. */
async function assistedOf(
  { context }: Instance,
  office: Office,
  procedure: string,
): Promise<string> {
  const official = staffOfOffice(office);
  const person = { channel: 'in_person', language: 'ca', name: null } as const;
  const begun = await context.encounter.begin(official, office, person);
  if (!begun.ok) throw new Error(begun.reason);
  const of = { encounter: begun.id };
  const done = await context.cases.beginIn(official, office, of, procedure);
  if (!done.ok) throw new Error(done.reason);
  return done.id;
}

/** Returns a case that was handed in with a file and two signatures, granted, and has its document. */
async function decidedOf(
  { context, database }: Instance,
  office: Office,
  procedure: string,
): Promise<Pick<World, 'decided' | 'cosigner' | 'paper' | 'asked' | 'entry'>> {
  const { cases, caseDesk, documents } = context;
  const signer = '00000001R';
  const { id, holder } = await beginSigned(context, office, procedure, signer);
  const file = { name: 'plan.pdf', type: 'application/pdf', bytes: pdf() };
  await cases.addPaper(holder, office, id, { question: 'local.planol' }, file);
  await documents.pass();
  await signAsDemo(context, office, holder);
  const cosigner = await cosignAsDemo(context, office, { holder, signer });
  const { staff_id: staff } = await within(database.kysely, office.id, (tx) =>
    tx
      .selectFrom('staff_role')
      .select('staff_id')
      .where('office_id', '=', office.id)
      .orderBy('staff_id')
      .limit(1)
      .executeTakeFirstOrThrow(),
  );
  const viewer = { ...staffOfOffice(office), staff };
  const seen = async () => (await caseDesk.work(viewer, office, id))!;
  await caseDesk.step(viewer, office, id, { to: 'in-review', seen: (await seen()).seen });
  const own = { assignee: staff, seen: (await seen()).seen };
  await caseDesk.give(viewer, office, id, own);
  const report = await askReport(context, viewer, { office, id });
  const content = { text: 'Es concedeix.', reasons: '', appeal: 'Un mes.' };
  const asked = { outcome: 'granted', content, before: null, seen: (await seen()).seen };
  await caseDesk.write(viewer, office, id, asked);
  // Nobody handles it then, so that every agent of the office may open it.
  await caseDesk.give(viewer, office, id, { assignee: null, seen: (await seen()).seen });
  const { seen: last, decision } = await seen();
  const before = decision!.writtenAt.epochMilliseconds;
  const another = staffOfOffice(office);
  const issued = await caseDesk.issue(another, office, id, { before, seen: last });
  if (!issued.ok) throw new Error(issued.reason);
  await provedElsewhere(context, id);
  const opened = await cases.open(another, office, id);
  const [paper] = opened?.papers ?? [];
  return {
    decided: id,
    cosigner,
    paper: paper?.id ?? '',
    asked: report,
    entry: opened?.entry?.number ?? '',
  };
}

/** Returns the token of a notice that can be stopped. */
async function noticeOf({ context, database }: Instance, { id }: Office): Promise<string> {
  const rows = await within(database.kysely, id, (tx) =>
    tx.selectFrom('notice').select('id').execute(),
  );
  for (const each of rows) {
    const token = context.links.stopUrl(each.id, 'ca').split('/').at(-1) ?? '';
    if (await context.stopping.find(token)) return token;
  }
  throw new Error('No notice can be stopped');
}

/** Leaves a message in writing, and sends a file with another one that waits. */
async function chatOf(
  { context }: Instance,
  office: Office,
): Promise<Pick<World, 'chat' | 'chatFile'>> {
  const [topic] = office.settings.chat.topics;
  const key = randomUUID();
  const begun = await context.chats.leaveMessage(office, {
    key,
    topic: topic?.code ?? '',
    language: 'ca',
    name: 'Rosa',
    text: 'Bon dia',
    email: 'rosa@example.cat',
    phone: null,
  });
  if (!begun.ok) throw new Error(begun.reason);
  return { chat: begun.secret, chatFile: randomUUID() };
}
