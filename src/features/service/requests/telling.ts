import type { Unit } from '../../foundation/audit/service.ts';
import { noticesOfRequest } from '../../foundation/notices/rules.ts';
import { dropPendingOfRequest, oweNotices } from '../../foundation/notices/service.ts';
import type { RequestNews } from '../../foundation/notices/types.ts';
import { setCallOwed } from './store.ts';
import type { Follower, RequestPerson, RequestRow, TellBy } from './types.ts';
import { readFollowers, readMergedWith } from './views.ts';

/** How long news of a change waits, in minutes: several that come one after the other are told once. */
const TOLD_AFTER = 2;
/** What waits for what may follow at once. */
const WAITS: ReadonlySet<RequestNews> = new Set(['moved', 'message']);
/** What an official tells whoever wants to be called. */
const TOLD_BY_CALL: ReadonlySet<RequestNews> = new Set([
  ...(['message', 'asked', 'last_call', 'answered', 'refused', 'merged'] as const),
]);
/** What those who follow a request hear of. The conversation is between its person and the office. */
const SHARED: ReadonlySet<RequestNews> = new Set(['moved', 'answered', 'refused', 'merged']);

/** Returns the address at which somebody wants to be told. */
const addressBy = ({
  tellBy,
  email,
  phone,
}: Pick<RequestPerson, 'email' | 'phone'> & { tellBy: TellBy | null }) => ({
  email: tellBy === 'email' ? email : null,
  phone: tellBy === 'sms' ? phone : null,
});

/** Returns whether whoever sent a request gets messages about it. */
export function isToldOfNews(row: RequestRow): boolean {
  const { email, phone } = addressBy(row);
  return Boolean(email || phone);
}

/**
 * Tells whoever sent a request, as they chose, and without what it is about. Those who follow it, and those whose request was merged with it, hear
 * of its changes too, each by their own link. Whoever wants to be called gets no message: an official owes them a call. Returns whether its person is told.
 */
export async function tellRequest(
  unit: Unit,
  row: RequestRow,
  told: RequestNews,
): Promise<boolean> {
  if (WAITS.has(told)) await dropPendingOfRequest(unit, row.id, told);
  const isTold = await tellOne(unit, row, told);
  if (!SHARED.has(told)) return isTold;
  for (const each of await readFollowers(unit.tx, row.id))
    if (each.leftAt === null && each.confirmedAt !== null)
      await tellFollower(unit, row, each, sharedNews(row, told));
  if (told !== 'merged')
    for (const merged of await readMergedWith(unit.tx, row.id))
      await tellOne(unit, merged, told, sharedNews(row, told));
  return isTold;
}

/** What news of a request are for those who read nothing of its conversation: that there is an answer only where there is one for everybody. */
const sharedNews = ({ answerForAll }: RequestRow, told: RequestNews): RequestNews => {
  if (told === 'answered') return answerForAll === '' ? 'moved' : 'shared';
  return told === 'refused' ? 'moved' : told;
};

/** `told`: what happened; `words`: what a message says of it. */
async function tellOne(
  unit: Unit,
  row: RequestRow,
  told: RequestNews,
  words = told,
): Promise<boolean> {
  if (row.tellBy === 'call' && TOLD_BY_CALL.has(told)) await setCallOwed(unit, row.id, true);
  const { id, link, reference, language } = row;
  const by = told === 'received' || told === 'link' ? 'citizen' : 'office';
  const at = WAITS.has(words) ? unit.now.add({ minutes: TOLD_AFTER }) : unit.now;
  const of = { id, link, reference, language };
  const notices = noticesOfRequest(of, addressBy(row), at, { told: words, by });
  await oweNotices(unit, { office: unit.office, appointment: null, request: id }, notices);
  return notices.length > 0;
}

/** Tells somebody who follows a request. */
export async function tellFollower(
  unit: Unit,
  { id, reference }: Pick<RequestRow, 'id' | 'reference'>,
  to: Omit<Follower, 'at' | 'leftAt' | 'confirmedAt'>,
  told: RequestNews,
): Promise<void> {
  const of = { id, link: 0, reference, language: to.language };
  const at = WAITS.has(told) ? unit.now.add({ minutes: TOLD_AFTER }) : unit.now;
  const by = told === 'followed' ? 'citizen' : 'office';
  const notices = noticesOfRequest(of, addressBy(to), at, { told, by, follower: to.id });
  await oweNotices(unit, { office: unit.office, appointment: null, request: id }, notices);
}
