import { isWorkingMorning } from '../../../../domain/office/calendar/morning.ts';
import type { Office } from '../../../../domain/office/types.ts';
import type { Clock } from '../../../../lib/clock.ts';
import { type Db, within } from '../../../../lib/db/database.ts';
import { formatError } from '../../../../lib/format-error.ts';
import type { InstallationUnit, RunUnit, Unit } from '../../../foundation/audit/service.ts';
import { oweStaffMail } from '../../../foundation/staff-mail/service.ts';
import { lockLine } from '../line/store.ts';
import { updateChat } from '../store.ts';
import { type TellingDeps, tellChat, wayOf } from '../telling.ts';
import type { ChatRow } from '../types.ts';
import { readChatForUpdate, readMessages } from '../views.ts';
import { isOfficeDue, isPersonDue, messageEnd } from './rules.ts';
import { isToldOfEnd, readCoordinators, readOfficesWithMessages } from './views.ts';

/** Messages that nobody has answered yet. */
export interface ChatMessages {
  /**
   * In the morning of a working day: tells those who coordinate of messages that wait for long, and each person before theirs is destroyed, once a day
   * whoever was told. What can't be told is logged and tried again, and keeps nothing else from being told. Returns of how many either was told.
   */
  tell(): Promise<number>;
}

export interface ChatMessagesDeps extends TellingDeps {
  db: Db;
  clock: Clock;
  unit: RunUnit;
  offices: { byId(id: number): Promise<Office> };
  log: { error(what: object, message: string): void };
}

const compare = Temporal.Instant.compare;
const SYSTEM = { kind: 'system', why: 'chat' } as const;

export const createChatMessages = (deps: ChatMessagesDeps): ChatMessages => ({
  async tell() {
    let told = 0;
    for (const id of await readOfficesWithMessages(deps.db))
      told += await tried(deps, `Messages of office ${id}`, () => tellIn(deps, id));
    return told;
  },
});

/** Runs one part. Where it fails, that is logged, and it counts as nothing. */
const tried = (
  { log }: Pick<ChatMessagesDeps, 'log'>,
  what: string,
  part: () => Promise<number>,
): Promise<number> =>
  part().catch((error: unknown) => {
    log.error(formatError(error), `${what}: nobody was told; it is tried again`);
    return 0;
  });

/** Tells those who are to be told of the messages of an office. Returns of how many. */
async function tellIn(deps: ChatMessagesDeps, id: number): Promise<number> {
  const { db, clock, offices, unit } = deps;
  const office = await offices.byId(id);
  const now = clock.now();
  if (!isWorkingMorning(office, now)) return 0;
  const { keepDays } = office.settings.chat;
  const all = await within(db, id, (tx) => readMessages(tx, id));
  let told = 0;
  for (const { id: chat } of all.filter((each) => isPersonDue(each, keepDays, now)))
    told += await tried(deps, `Message ${chat}`, () =>
      unit(SYSTEM, id, (each) => tellPerson(deps, each, office, chat)),
    );
  if (all.some((each) => isOfficeDue(each, keepDays, now)))
    told += await unit.installation(SYSTEM, (each) => tellOffice(each, office));
  return told;
}

/**
 * Tells the person of a message when it is destroyed, once. Who can't be reached reads it on the page. Nobody has proved the address: it gets one such
 * notice a day, and another message waits until the next.
 */
async function tellPerson(
  deps: ChatMessagesDeps,
  unit: Unit,
  office: Office,
  id: string,
): Promise<number> {
  await lockLine(unit);
  const { keepDays } = office.settings.chat;
  const row = await readChatForUpdate(unit.tx, id);
  if (row?.state !== 'message' || !isPersonDue(row, keepDays, unit.now)) return 0;
  const way = await wayOf(deps, unit, row);
  const since = unit.now.toZonedDateTimeISO(office.timeZone).startOfDay().toInstant();
  if (way && (await isToldOfEnd(unit.tx, { office: office.id, since, ...way }))) return 0;
  const personToldAt = unit.now;
  const until = dayOf(office, messageEnd({ ...row, personToldAt }, keepDays));
  await tellChat(deps, unit, row, { wrote: 'ending', until, by: 'citizen' });
  await updateChat(unit, id, { personToldAt });
  await unit.record('chat_unanswered', { data: { chats: [id], to: 'person' } });
  return 1;
}

const dayOf = (office: Office, at: Temporal.Instant): string =>
  at.toZonedDateTimeISO(office.timeZone).toPlainDate().toString();

/** Sends one mail to each who coordinates, about all messages that wait. Returns about how many it is news. */
async function tellOffice(unit: InstallationUnit, office: Office): Promise<number> {
  const { tx, now } = unit;
  const { keepDays } = office.settings.chat;
  const all = await readMessages(tx, office.id);
  const due: ChatRow[] = [];
  for (const { id } of all) {
    const row = await readChatForUpdate(tx, id);
    if (row?.state === 'message' && isOfficeDue(row, keepDays, now)) due.push(row);
  }
  if (due.length === 0) return 0;
  for (const { id } of due) await updateChat(unit, id, { officeToldAt: now });
  const [first = now] = all.map((each) => messageEnd(each, keepDays)).toSorted(compare);
  const facts = { office: office.code, count: all.length, until: first.toString() };
  for (const staff of await readCoordinators(tx, office.id))
    await oweStaffMail(unit, { to: { staff }, kind: 'chat_messages', facts });
  const data = { chats: due.map(({ id }) => id), to: 'coordinators' };
  await unit.recordIn(office.id, 'chat_unanswered', { data });
  return due.length;
}
