import { type ExpressionBuilder, type SelectQueryBuilder, sql } from 'kysely';
import type { Status } from '../../../domain/appointment.ts';
import type { Channel } from '../../../domain/channel.ts';
import type { Tx } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import type { Schema } from '../../../lib/db/schema.ts';
import type { DuePage } from '../../../lib/jobs/batches.ts';
import { maskAddress } from '../../booking/proof/rules.ts';
import { LOOKS } from '../../foundation/audit/rules.ts';
import type { AppointmentLink } from '../../foundation/identification/types.ts';
import { IS_ERASABLE, readIdentifications } from '../../foundation/identification/views.ts';
import type { NoticeKind } from '../../foundation/notices/types.ts';
import type { ActState } from '../consent/types.ts';
import type { DocumentState, Review } from '../documents/types.ts';
import type { Entries, ListName, OwnAppointment, Owner, OwnLook, Typed } from './types.ts';

/*
 * What a person sees of their own. These run in the person's scope, where row-level security shows the rows of their appointments and no
 * other; and they name each column that a citizen may see, since a row has more (docs/adr/0083).
 */

/** Which entries of a list are wanted. `kind`: of `LISTS`; null: all. */
export interface Asked {
  person: string;
  now: Temporal.Instant;
  kind: string | null;
}

/** Reads one list. */
interface Reader<T> {
  count(tx: Tx, asked: Asked): Promise<number>;
  read(tx: Tx, asked: Asked, at: { offset: number; most: number }): Promise<T[]>;
}

/** The appointments of a person, by which every list begins: there are few, and each table has an index by them. */
const mine = (tx: Tx, person: string) =>
  tx
    .selectFrom('person_appointment as mine')
    .innerJoin('appointment as a', 'a.id', 'mine.appointment_id')
    .where('mine.person_id', '=', person);

const OF_APPOINTMENT = [
  'a.office_id as office',
  'a.id as appointment_id',
  'a.link',
  'a.reference',
  'a.procedure_id',
] as const;

interface OfRow {
  office: number;
  appointment_id: string;
  link: number;
  reference: string;
  procedure_id: number;
}

const ofRow = (row: OfRow) => ({
  office: row.office,
  appointment: {
    id: row.appointment_id,
    link: row.link,
    reference: row.reference,
    procedure: row.procedure_id,
  },
});

// biome-ignore lint/suspicious/noExplicitAny: the rows of each list differ, and only their number is asked
const countOf = async (query: SelectQueryBuilder<any, any, any>): Promise<number> => {
  const row = await query.select(sql<number>`count(*)`.as('count')).executeTakeFirstOrThrow();
  return Number((row as { count: number }).count);
};

const OPEN: readonly Status[] = ['booked', 'arrived', 'in_progress'];

function appointmentsOf(tx: Tx, { person, now, kind }: Asked) {
  const query = mine(tx, person);
  if (kind === null) return query;
  return query.where((eb) => {
    const coming = eb.and([eb('a.status', 'in', OPEN), eb('a.ends', '>', moment(now))]);
    return kind === 'coming' ? coming : eb.not(coming);
  });
}

const appointments: Reader<OwnAppointment> = {
  count: (tx, asked) => countOf(appointmentsOf(tx, asked)),
  async read(tx, asked, { offset, most }) {
    const rows = await appointmentsOf(tx, asked)
      .select(OF_APPOINTMENT)
      .select(['a.further', 'a.people', 'a.channel', 'a.site', 'a.starts', 'a.ends', 'a.status'])
      .select(['a.displaced_at', 'a.forgotten_at', 'a.on_behalf_of', 'mine.how', 'mine.linked_at'])
      .select(['a.name', 'a.email', 'a.phone', 'a.comment', 'a.needs', 'a.interpreter'])
      .select('mine.shown_by')
      .orderBy('a.starts', asked.kind === 'coming' ? 'asc' : 'desc')
      .orderBy('a.id')
      .offset(offset)
      .limit(most)
      .execute();
    return rows.map((row) => ({
      id: row.appointment_id,
      link: row.link,
      office: row.office,
      reference: row.reference,
      procedure: row.procedure_id,
      further: row.further,
      people: row.people,
      channel: row.channel as Channel,
      site: row.site,
      start: row.starts,
      end: row.ends,
      status: row.status as Status,
      isDisplaced: row.displaced_at !== null && row.status === 'booked',
      isForgotten: row.forgotten_at !== null,
      onBehalfOf: row.on_behalf_of,
      how: row.how as AppointmentLink['how'],
      at: row.linked_at,
      typed: row.shown_by === null ? null : typedOf(row),
    }));
  },
};

const typedOf = ({ name, email, phone, comment, needs, interpreter }: Typed): Typed => ({
  name,
  email,
  phone,
  comment,
  needs,
  interpreter,
});

type DocumentsOf = ExpressionBuilder<
  Schema & { mine: Schema['person_appointment']; a: Schema['appointment']; d: Schema['document'] },
  'mine' | 'a' | 'd'
>;

/** Whether somebody opened a document as its citizen, by the link or identified. */
const IS_OPENED = sql<boolean>`exists (select from audit t where t.appointment_id = d.appointment_id and t.action = 'document_opened'
  and (t.actor = 'citizen' or t.actor like 'person:%') and t.data ->> 'document' = d.id::text)`;

function documentsOf(tx: Tx, { person, kind }: Pick<Asked, 'person' | 'kind'>) {
  const query = mine(tx, person)
    .innerJoin('document as d', 'd.appointment_id', 'a.id')
    .where('d.kind', 'in', ['inbox', 'outbox'])
    .where('d.state', '<>', 'receiving');
  if (kind === 'sent') return query.where('d.kind', '=', 'inbox');
  if (kind === null) return query;
  // The copies of consents are made by the service itself (`isCopy`).
  return query
    .where('d.kind', '=', 'outbox')
    .where('d.made_by', kind === 'copies' ? '=' : '<>', 'system');
}

const documents: Reader<Entries['documents']> = {
  count: (tx, asked) => countOf(documentsOf(tx, asked)),
  async read(tx, asked, { offset, most }) {
    const rows = await documentsOf(tx, asked)
      .select(OF_APPOINTMENT)
      .select(['d.id', 'd.kind', 'd.requested', 'd.state', 'd.review', 'd.size', 'd.made_at'])
      .select((eb: DocumentsOf) => eb('d.made_by', '=', 'system').as('is_copy'))
      .select('d.destroyed_at')
      .select(IS_OPENED.as('is_opened'))
      .orderBy('d.made_at', 'desc')
      .orderBy('d.id')
      .offset(offset)
      .limit(most)
      .execute();
    return rows.map((row) => ({
      ...ofRow(row),
      id: row.id,
      kind: row.kind as 'inbox' | 'outbox',
      isCopy: row.kind === 'outbox' && Boolean(row.is_copy),
      requested: row.requested,
      state: row.state as DocumentState,
      review: row.review as Review | null,
      size: row.size,
      at: row.made_at,
      isDestroyed: row.destroyed_at !== null,
      isOpened: row.is_opened,
    }));
  },
};

/** Returns how many results a person can fetch and has not opened. */
export const countToFetch = (tx: Tx, person: string): Promise<number> =>
  countOf(
    documentsOf(tx, { person, kind: 'results' })
      .where('d.state', '=', 'clean')
      .where('d.destroyed_at', 'is', null)
      .where(sql<boolean>`not ${IS_OPENED}`),
  );

function actsOf(tx: Tx, { person, kind, now }: Asked) {
  const query = mine(tx, person).innerJoin('act as c', 'c.appointment_id', 'a.id');
  if (kind === null) return query;
  if (kind === 'given') return query.where('c.state', '=', 'consented');
  return query.where((eb) => {
    const asked = eb.and([eb('c.state', '=', 'prepared'), eb('c.expires_at', '>', moment(now))]);
    return kind === 'asked' ? asked : eb.and([eb.not(asked), eb('c.state', '<>', 'consented')]);
  });
}

const consents: Reader<Entries['consents']> = {
  count: (tx, asked) => countOf(actsOf(tx, asked)),
  async read(tx, asked, { offset, most }) {
    const rows = await actsOf(tx, asked)
      .select(OF_APPOINTMENT)
      .select(['c.id', 'c.template', 'c.state', 'c.prepared_at', 'c.expires_at'])
      .select(['c.settled_at', 'c.method'])
      .orderBy('c.prepared_at', 'desc')
      .orderBy('c.id')
      .offset(offset)
      .limit(most)
      .execute();
    return rows.map((row) => {
      const isOver =
        row.state === 'prepared' && Temporal.Instant.compare(row.expires_at, asked.now) <= 0;
      return {
        ...ofRow(row),
        id: row.id,
        template: row.template,
        state: isOver ? 'expired' : (row.state as ActState),
        preparedAt: row.prepared_at,
        expiresAt: row.expires_at,
        settledAt: row.settled_at,
        method: row.method,
      };
    });
  },
};

function noticesOf(tx: Tx, { person, kind }: Asked) {
  const query = mine(tx, person)
    .innerJoin('notice as n', 'n.appointment_id', 'a.id')
    .where('n.sent_at', 'is not', null);
  return kind === null ? query : query.where('n.channel', '=', kind);
}

const notices: Reader<Entries['notices']> = {
  count: (tx, asked) => countOf(noticesOf(tx, asked)),
  async read(tx, asked, { offset, most }) {
    const rows = await noticesOf(tx, asked)
      .select(OF_APPOINTMENT)
      .select(['n.id', 'n.kind', 'n.channel', 'n.recipient', 'n.sent_at'])
      .orderBy('n.sent_at', 'desc')
      .orderBy('n.id')
      .offset(offset)
      .limit(most)
      .execute();
    return rows.map((row) => {
      const channel = row.channel as 'email' | 'sms';
      return {
        ...ofRow(row),
        id: row.id,
        kind: row.kind as NoticeKind,
        channel,
        masked: row.recipient && maskAddress({ channel, recipient: row.recipient }),
        at: row.sent_at ?? asked.now,
      };
    });
  },
};

/** Looks and changes by staff, by other programs, by the hub of folders, and by whoever checked a document. The person's own are not among them. */
function looksOf(tx: Tx, { person, kind }: Asked) {
  const query = mine(tx, person)
    .innerJoin('audit as t', 't.appointment_id', 'a.id')
    .where((eb) =>
      eb.or([
        eb('t.actor', 'like', 'staff:%'),
        eb('t.actor', 'like', 'token:%'),
        eb('t.actor', '=', 'verifier'),
        eb('t.action', '=', 'hub_read'),
      ]),
    );
  if (kind === null) return query;
  return query.where('t.action', kind === 'seen' ? 'in' : 'not in', LOOKS);
}

const looks: Reader<Entries['looks']> = {
  count: (tx, asked) => countOf(looksOf(tx, asked)),
  async read(tx, asked, { offset, most }) {
    const rows = await looksOf(tx, asked)
      .select(OF_APPOINTMENT)
      .select(['t.id', 't.action', 't.at'])
      .select(
        sql<string>`case t.action when 'hub_read' then 'hub' else split_part(t.actor, ':', 1) end`.as(
          'by',
        ),
      )
      .orderBy('t.id', 'desc')
      .offset(offset)
      .limit(most)
      .execute();
    return rows.map((row) => ({
      ...ofRow(row),
      id: row.id,
      by: row.by as OwnLook['by'],
      action: row.action,
      at: row.at,
    }));
  },
};

const identifications: Reader<Entries['identifications']> = {
  count: (tx, { person }) =>
    countOf(tx.selectFrom('identification').where('person_id', '=', person)),
  read: (tx, { person }, at) => readIdentifications(tx, person, at),
};

export const READERS: { [K in ListName]: Reader<Entries[K]> } = {
  appointments,
  documents,
  consents,
  notices,
  looks,
  identifications,
};

/** Returns the people whose folders an appointment is in. Runs in the scope of its office. */
export async function readOwners(tx: Tx, appointment: string): Promise<Owner[]> {
  const rows = await tx
    .selectFrom('person_appointment')
    .select(['person_id as person', 'how'])
    .where('appointment_id', '=', appointment)
    // See own_appointment: it is not in that folder.
    .where((eb) => eb.or([eb('how', '<>', 'code'), eb('shown_by', 'is not', null)]))
    .execute();
  return rows.map(({ person, how }) => ({ person, how: how as Owner['how'] }));
}

/** Returns the offices in which a person has appointments. */
export async function readOffices(tx: Tx, person: string): Promise<number[]> {
  const rows = await tx
    .selectFrom('person_appointment')
    .select('office_id')
    .distinct()
    .where('person_id', '=', person)
    .orderBy('office_id')
    .execute();
  return rows.map((row) => row.office_id);
}

/**
 * Returns some people who were identified last before an instant, who have neither an appointment, a case nor an act, and of whom something can be erased:
 * also of those whom a request or a signature keeps, until it is. Runs in the scope of the installation.
 */
export async function readIdle(
  tx: Tx,
  before: Temporal.Instant,
  { most, skipped }: DuePage,
): Promise<string[]> {
  const rows = await tx
    .selectFrom('person')
    .select('id')
    .where('last_seen_at', '<', moment(before))
    .where(IS_ERASABLE)
    .where(
      sql<boolean>`not exists (select from person_appointment m where m.person_id = person.id)`,
    )
    .where(sql<boolean>`not exists (select from case_file c where c.person_id = person.id)`)
    .where(
      sql<boolean>`not exists (select from identification i join act on act.identification_id = i.id where i.person_id = person.id)`,
    )
    .where(
      sql<boolean>`not exists (select from representation r where person.id in (r.representative_id, r.represented_id) and r.state in ('asked', 'accepted'))`,
    )
    .orderBy('last_seen_at')
    .orderBy('id')
    .limit(most)
    .offset(skipped)
    .execute();
  return rows.map(({ id }) => id);
}
