import type { Office } from '../../../../domain/office/types.ts';
import type { Clock } from '../../../../lib/clock.ts';
import { type Db, within } from '../../../../lib/db/database.ts';
import type { InstallationUnit, RunUnit, Unit } from '../../../foundation/audit/service.ts';
import { oweStaffMail } from '../../../foundation/staff-mail/service.ts';
import { updateChat } from '../store.ts';
import { type TellingDeps, tellChat } from '../telling.ts';
import type { ChatRow } from '../types.ts';
import { readChatForUpdate, readMessages } from '../views.ts';
import { isOfficeDue, isPersonDue, messageEnd } from './rules.ts';
import { readCoordinators, readOfficesWithMessages } from './views.ts';

/** Messages that nobody has answered yet. */
export interface ChatMessages {
  /** Tells those who coordinate of messages that wait for long, and each person before theirs is destroyed. Returns of how many either was told. */
  tell(): Promise<number>;
}

export interface ChatMessagesDeps extends TellingDeps {
  db: Db;
  clock: Clock;
  unit: RunUnit;
  offices: { byId(id: number): Promise<Office> };
}

const compare = Temporal.Instant.compare;
const SYSTEM = { kind: 'system', why: 'chat' } as const;

export const createChatMessages = (deps: ChatMessagesDeps): ChatMessages => ({
  async tell() {
    const { db, clock, offices, unit } = deps;
    let told = 0;
    for (const id of await readOfficesWithMessages(db)) {
      const office = await offices.byId(id);
      const { keepDays } = office.settings.chat;
      const all = await within(db, id, (tx) => readMessages(tx, id));
      const ending = all.filter((each) => isPersonDue(each, keepDays, clock.now()));
      for (const { id: chat } of ending)
        if (await unit(SYSTEM, id, (each) => tellPerson(deps, each, office, chat))) told++;
      if (all.some((each) => isOfficeDue(each, keepDays, clock.now())))
        told += await unit.installation(SYSTEM, (each) => tellOffice(each, office));
    }
    return told;
  },
});

/** Tells the person of a message when it is destroyed, once. Who can't be reached reads it on the page. */
async function tellPerson(
  deps: ChatMessagesDeps,
  unit: Unit,
  office: Office,
  id: string,
): Promise<boolean> {
  const { keepDays } = office.settings.chat;
  const row = await readChatForUpdate(unit.tx, id);
  if (row?.state !== 'message' || !isPersonDue(row, keepDays, unit.now)) return false;
  const personToldAt = unit.now;
  const until = dayOf(office, messageEnd({ ...row, personToldAt }, keepDays));
  await tellChat(deps, unit, row, { wrote: 'ending', until });
  await updateChat(unit, id, { personToldAt });
  await unit.record('chat_unanswered', { data: { chats: [id], to: 'person' } });
  return true;
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
