import type { Office } from '../../../../domain/office/types.ts';
import type { Clock } from '../../../../lib/clock.ts';
import type { Db } from '../../../../lib/db/database.ts';
import type { RunUnit, Unit } from '../../../foundation/audit/service.ts';
import { MOST_MESSAGES } from '../rules.ts';
import { FREE, insertChatEvent, insertSystemLine, OVER, updateChat } from '../store.ts';
import { CHATS, topicOf } from '../topics.ts';
import { countMessages, readChat, readEntries } from '../views.ts';
import { settle } from './rules.ts';
import { lockLine } from './store.ts';
import type { LineStep } from './types.ts';
import { readLine, readLiveOffices } from './views.ts';

/** Who is offered to whom. Offers are made in one place, under one lock of the office: two processes never offer one twice. */
export interface ChatLine {
  /** Settles the lines of all offices in which somebody waits or is answered. */
  settle(): Promise<void>;
}

export interface ChatLineDeps {
  db: Db;
  clock: Clock;
  unit: RunUnit;
  offices: { byId(id: number): Promise<Office> };
}

const SYSTEM = { kind: 'system', why: 'chat' } as const;

export const createChatLine = ({ db, unit, offices }: ChatLineDeps): ChatLine => ({
  async settle() {
    for (const id of await readLiveOffices(db)) {
      const office = await offices.byId(id);
      await unit(SYSTEM, id, async (each) => {
        await lockLine(each);
        await settleLine(each, office);
      });
    }
  },
});

/** Makes all offers that are due in an office whose line the unit has locked, and takes back what is over. Those whom it concerns are told. */
export async function settleLine(unit: Unit, office: Office): Promise<void> {
  const line = await readLine(unit.tx, office, unit.now);
  const steps = settle(line, office.settings.chat, unit.now);
  const system = { ...unit, viewer: SYSTEM };
  for (const step of steps) {
    await keepStep(system, step);
    unit.tell(topicOf(step.chat));
  }
  if (steps.length > 0) unit.tell(CHATS);
}

/**
 * Ends a conversation whose topic has closed, with nobody there: whoever wrote something and said where to answer has left a message by it,
 * where messages are taken.
 */
async function close(unit: Unit, id: string): Promise<void> {
  const { tx, office, now } = unit;
  const row = await readChat(tx, id);
  const said = await readEntries(tx, id, { after: 0, withNotes: false });
  const hasSpoken = said.some(({ side }) => side === 'person');
  const isTaken = (await countMessages(tx, office)) < MOST_MESSAGES;
  if (row?.sealedContact && hasSpoken && isTaken) {
    await updateChat(unit, id, { ...FREE, state: 'message', target: null });
    await insertSystemLine(unit, { id }, 'closed.message');
    return insertChatEvent(unit, { chat: id, kind: 'message', data: { why: 'closed' } });
  }
  const ended = { at: now, why: 'closed' } as const;
  await updateChat(unit, id, { ...OVER, state: 'left', target: null, ended });
  await insertSystemLine(unit, { id }, 'ended.closed');
  return insertChatEvent(unit, { chat: id, kind: 'left', data: { why: 'closed' } });
}

/** Does to the rows what `applied` does to a line. */
async function keepStep(unit: Unit, step: LineStep): Promise<void> {
  const { now } = unit;
  const id = step.chat;
  const at = 'desk' in step ? step.desk : null;
  if (step.kind === 'closed') return close(unit, id);
  if (step.kind === 'offered')
    await updateChat(unit, id, { state: 'offered', desk: at, offeredUntil: step.until });
  if (step.kind === 'missed')
    await updateChat(unit, id, { ...FREE, state: 'waiting', target: null });
  if (step.kind === 'returned') {
    const back = { state: 'waiting', target: null, askedAt: null, returnedAt: now } as const;
    await updateChat(unit, id, { ...FREE, ...back });
    await insertSystemLine(unit, { id }, 'returned');
  }
  if (step.kind === 'asked') {
    await updateChat(unit, id, { askedAt: now });
    await insertSystemLine(unit, { id }, 'asked');
  }
  if (step.kind === 'ended') await insertSystemLine(unit, { id }, 'ended.silent');
  if (step.kind === 'left') await insertSystemLine(unit, { id }, 'ended.gone');
  if (step.kind === 'ended' || step.kind === 'left') {
    const state = step.kind;
    await updateChat(unit, id, { ...OVER, state, target: null, ended: { at: now, why: step.why } });
  }
  await insertChatEvent(unit, {
    chat: id,
    kind: step.kind,
    desk: at,
    ...('why' in step && { data: { why: step.why } }),
  });
}
