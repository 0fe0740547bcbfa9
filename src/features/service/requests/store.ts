import { sql, type Updateable } from 'kysely';
import type { Tx } from '../../../lib/db/database.ts';
import type { Schema } from '../../../lib/db/schema.ts';
import { actorOf } from '../../../lib/viewer.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import type {
  Follower,
  RequestEventData,
  RequestEventKind,
  RequestMessage,
  RequestPerson,
  RequestRow,
  WrittenRequest,
} from './types.ts';

type NewRequest = Pick<
  RequestRow,
  'id' | 'reference' | 'type' | 'kind' | 'door' | 'language' | 'encounter'
>;

/** Begins a request, which nobody of the office sees until it is sent. Returns whether it did; false: its reference is another's. */
export async function insertRequest(unit: Unit, made: NewRequest): Promise<boolean> {
  const { tx, office, viewer, now } = unit;
  const at = now.toString();
  const { encounter, ...rest } = made;
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('request')
    .values({
      ...rest,
      office_id: office,
      encounter_id: encounter,
      made_at: at,
      made_by: actorOf(viewer),
      changed_at: at,
      state: 'received',
      state_at: at,
      answers: '{}',
      shown_sides: '{}',
    })
    .onConflict((conflict) => conflict.column('reference').doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

const columnsOf = ({
  text,
  answers,
  point,
  address,
  area,
}: Partial<WrittenRequest>): Updateable<Schema['request']> => ({
  ...(text !== undefined && { text }),
  ...(answers !== undefined && { answers: JSON.stringify(answers) }),
  ...(point !== undefined && {
    latitude: point?.lat ?? null,
    longitude: point?.lon ?? null,
  }),
  ...(address !== undefined && { address }),
  ...(area !== undefined && { area }),
});

/** Keeps what is written of a locked request that was not sent. */
export const setWritten = (
  { tx, now }: Unit,
  id: string,
  written: Partial<WrittenRequest>,
): Promise<void> => update(tx, id, { ...columnsOf(written), changed_at: now.toString() });

/** Keeps who sends it. */
export const setPerson = (
  { tx, now }: Unit,
  id: string,
  { tellBy, isAnonymous, name, email, phone }: RequestPerson,
): Promise<void> =>
  update(tx, id, {
    ...{ tell_by: tellBy, anonymous: isAnonymous, name, email, phone },
    changed_at: now.toString(),
  });

/** Makes a locked request one that the office sees. */
export const setSent = (
  { tx, now }: Unit,
  id: string,
  sent: Pick<RequestRow, 'team' | 'area' | 'due' | 'person' | 'isPublic'> & {
    /** Its local day. */
    sentOn: Temporal.PlainDate;
  },
): Promise<void> => {
  const at = now.toString();
  const { team, area, due, person, isPublic, sentOn } = sent;
  return update(tx, id, {
    is_public: isPublic,
    sent_on: sentOn.toString(),
    ...{ sent_at: at, since: at, state_at: at, changed_at: at, version: 1 },
    ...{ team, area, due: due?.toString() ?? null, person_id: person },
  });
};

/** What changes of a request once it was sent. */
export type RequestChange = Partial<
  Pick<
    RequestRow,
    | 'state'
    | 'reason'
    | 'mergedInto'
    | 'team'
    | 'assignee'
    | 'due'
    | 'closedAt'
    | 'reopened'
    | 'since'
    | 'answerForAll'
    | 'link'
    | 'lastCallAt'
  >
> & {
  /** False: its officials are told again, once it is late. */
  isToldToOfficials?: false;
};

/** Changes a locked request, which gets another version. */
export async function changeRequest(
  { tx, now }: Unit,
  { id, version }: Pick<RequestRow, 'id' | 'version'>,
  change: RequestChange,
): Promise<void> {
  const { mergedInto, due, closedAt, since, answerForAll, lastCallAt, ...others } = change;
  const { isToldToOfficials, ...rest } = others;
  await update(tx, id, {
    ...rest,
    ...(mergedInto !== undefined && { merged_into: mergedInto }),
    ...(answerForAll !== undefined && { answer_for_all: answerForAll }),
    ...(due !== undefined && { due: due?.toString() ?? null }),
    ...(closedAt !== undefined && { closed_at: closedAt?.toString() ?? null }),
    ...(since !== undefined && { since: since?.toString() ?? null }),
    ...(lastCallAt !== undefined && { last_call_at: lastCallAt?.toString() ?? null }),
    ...(isToldToOfficials === false && { officials_told_at: null }),
    ...(change.state !== undefined && { state_at: now.toString() }),
    version: version + 1,
  });
}

/** Notes that somebody has to call its person, since now unless they have to already; false: not any more. The request keeps its version. */
export async function setCallOwed(
  { tx, now }: Pick<Unit, 'tx' | 'now'>,
  id: string,
  isOwed: boolean,
): Promise<void> {
  const since = sql<string>`coalesce(call_owed_at, ${now.toString()}::timestamptz)`;
  await update(tx, id, { call_owed_at: isOwed ? since : null } as Updateable<Schema['request']>);
}

/** Takes its person away from a locked request with which others go on: who they are, and where they are told. */
export const setLeft = (
  { tx, now }: Unit,
  { id, version }: Pick<RequestRow, 'id' | 'version'>,
): Promise<void> =>
  update(tx, id, {
    ...{ left_at: now.toString(), name: '', email: null, phone: null, person_id: null },
    ...{ tell_by: 'page', call_owed_at: null, anonymous: true, version: version + 1 },
  });

async function update(tx: Tx, id: string, columns: Updateable<Schema['request']>): Promise<void> {
  await tx.updateTable('request').set(columns).where('id', '=', id).execute();
}

/** Has the requests that were merged with one follow another, with which that one is merged now. */
export async function remerge({ tx }: Unit, from: string, to: string): Promise<void> {
  await tx
    .updateTable('request')
    .set({ merged_into: to })
    .where('merged_into', '=', from)
    .execute();
}

/** Adds to what happened to a request. */
export async function insertRequestEvent(
  { tx, office, viewer, now }: Unit,
  request: string,
  what: {
    kind: RequestEventKind;
    from?: RequestRow['state'];
    to?: RequestRow['state'];
    data?: RequestEventData;
  },
): Promise<void> {
  await tx
    .insertInto('request_event')
    .values({
      office_id: office,
      request_id: request,
      at: now.toString(),
      actor: actorOf(viewer),
      kind: what.kind,
      from_state: what.from ?? null,
      to_state: what.to ?? null,
      data: JSON.stringify(what.data ?? {}),
    })
    .execute();
}

/** Keeps what one side wrote to the other. */
export async function insertRequestMessage(
  { tx, office, viewer, now }: Unit,
  { id, request, side, text }: Pick<RequestMessage, 'id' | 'side' | 'text'> & { request: string },
): Promise<void> {
  await tx
    .insertInto('request_message')
    .values({
      ...{ id, office_id: office, request_id: request, side, text },
      at: now.toString(),
      by: actorOf(viewer),
    })
    .execute();
}

/** Notes that an official has its person's messages on their screen. `last`: the number of the newest one that they have. */
export async function setRequestMessagesSeen(
  { tx, now }: Unit,
  request: string,
  last: number,
): Promise<void> {
  await tx
    .updateTable('request_message')
    .set({ seen_at: now.toString() })
    .where('request_id', '=', request)
    .where('side', '=', 'person')
    .where('number', '<=', last)
    .where('seen_at', 'is', null)
    .execute();
}

/** Keeps what an official wrote for colleagues. */
export async function insertRequestNote(
  { tx, office, viewer, now }: Unit,
  request: string,
  text: string,
): Promise<void> {
  await tx
    .insertInto('request_note')
    .values({
      ...{ office_id: office, request_id: request, text },
      at: now.toString(),
      by: actorOf(viewer),
    })
    .execute();
}

/** Adds somebody who follows a request. Returns false where the same address follows it already. */
export async function insertFollower(
  { tx, office, now }: Unit,
  made: Pick<Follower, 'id' | 'request' | 'language' | 'tellBy' | 'email' | 'phone'>,
): Promise<boolean> {
  const done = await tx
    .insertInto('request_follower')
    .values({
      id: made.id,
      office_id: office,
      request_id: made.request,
      at: now.toString(),
      language: made.language,
      tell_by: made.tellBy,
      email: made.email,
      phone: made.phone,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return (done.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

/** Notes that somebody who follows a request opened their link, which shows that the address is theirs. Returns whether it was the first time. */
export async function confirmFollower({ tx, now }: Unit, id: string): Promise<boolean> {
  const done = await tx
    .updateTable('request_follower')
    .set({ confirmed_at: now.toString() })
    .where('id', '=', id)
    .where('confirmed_at', 'is', null)
    .executeTakeFirst();
  return done.numUpdatedRows > 0n;
}

/** Ends somebody's following, and destroys their address. Returns false where they had left. */
export async function endFollowing({ tx, now }: Unit, id: string): Promise<boolean> {
  const done = await tx
    .updateTable('request_follower')
    .set({ left_at: now.toString(), email: null, phone: null, tell_by: 'page' })
    .where('id', '=', id)
    .where('left_at', 'is', null)
    .executeTakeFirst();
  return done.numUpdatedRows > 0n;
}

/** Deletes a locked request that was never sent. */
export async function deleteUnsent({ tx }: Unit, id: string): Promise<void> {
  await tx.deleteFrom('request').where('id', '=', id).where('sent_at', 'is', null).execute();
}

/**
 * Destroys what a locked request says of people, with its conversation, notes and those who follow it. Its type, state, days, team, district and, where
 * `keepsPoint`, its point stay for figures and the map.
 */
export async function anonymise(
  { tx, now }: Unit,
  id: string,
  { keepsPoint }: { keepsPoint: boolean },
): Promise<void> {
  await tx.deleteFrom('request_message').where('request_id', '=', id).execute();
  await tx.deleteFrom('request_note').where('request_id', '=', id).execute();
  await tx.deleteFrom('request_follower').where('request_id', '=', id).execute();
  await update(tx, id, {
    ...{ text: '', answers: '{}', address: '', name: '', email: null, phone: null },
    ...{ person_id: null, encounter_id: null, tell_by: 'page', call_owed_at: null },
    ...{ shown_text: false, shown_words: null, shown_photos: [], shown_sides: '{}' },
    ...(!keepsPoint && { latitude: null, longitude: null }),
    anonymised_at: now.toString(),
  });
}
