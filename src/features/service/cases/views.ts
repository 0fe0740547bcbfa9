import { type RawBuilder, sql } from 'kysely';
import type { SigningWay } from '../../../domain/form/online.ts';
import type { Level } from '../../../domain/identity.ts';
import { can, ROLES, roleHandles } from '../../../domain/roles.ts';
import type { Tx } from '../../../lib/db/database.ts';
import { moment } from '../../../lib/db/moment.ts';
import type { Language } from '../../../lib/i18n/languages.ts';
import type { DuePage } from '../../../lib/jobs/batches.ts';
import { type DueSql, startOfDay } from '../../../lib/jobs/due.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import type {
  AtOnceStanding,
  CaseEvent,
  CaseRepresentation,
  CaseRow,
  Door,
  RecordSignature,
} from './types.ts';

const select = (tx: Tx) =>
  tx
    .selectFrom('case_file')
    .selectAll('case_file')
    .select(
      sql<CaseRepresentation | null>`(select jsonb_build_object('id', c.representation_id, 'representative', r.representative_id,
        'isAccepted', coalesce(r.state = 'accepted', false), 'organisation', c.organisation)
        from case_representation c left join representation r on r.id = c.representation_id
        where c.case_id = case_file.id)`.as('represented'),
    );
type Row = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>;

const dayIn = (text: string | null) => (text === null ? null : Temporal.PlainDate.from(text));

const confirmationIn = ({ confirm_at: at, confirm_by: by, confirm_version: version }: Row) =>
  at === null || by === null || version === null ? null : { at, by, version };

const fromRow = (row: Row): CaseRow => ({
  id: row.id,
  office: row.office_id,
  reference: row.reference,
  procedure: row.procedure_id,
  form: row.form_id,
  door: row.door as Door,
  encounter: row.encounter_id,
  isAssisted: row.assisted,
  citizenOf: row.citizen_of,
  confirmation: confirmationIn(row),
  language: row.language as Language,
  link: row.link,
  state: row.state,
  stateAt: row.state_at,
  stateDue: dayIn(row.state_due),
  lapseOn: dayIn(row.lapse_on),
  decideBy: dayIn(row.decide_by),
  level: row.level as Level,
  person: row.person_id,
  representation: row.represented,
  openedAt: row.opened_at,
  openedBy: row.opened_by,
  changedAt: row.changed_at,
  version: row.version,
  handedInAt: row.handed_in_at,
  recordHash: row.record_hash?.toString('hex') ?? null,
  assignee: row.assignee,
  team: row.team,
  handedInBy: row.handed_in_by,
  atOnce: row.at_once as AtOnceStanding | null,
  closedAt: row.closed_at,
  endsOn: dayIn(row.ends_on),
  sealedDraft: row.draft,
  discardAt: row.discard_at,
  sealedRecord: row.record,
  sealedApplicant: row.applicant,
  sealedObstacle: row.at_once_why,
});

/** Returns the condition of `isTheirs` for handed-in cases `c` of the office of a member of staff, for queries of lists. */
export function isSeenBy(viewer: StaffViewer): RawBuilder<boolean> {
  if (can(viewer, 'see_every_document')) return sql<boolean>`true`;
  const { staff, otherTeams } = viewer;
  const isOpen = otherTeams ? sql`c.team <> all(${otherTeams}::text[])` : sql`false`;
  return sql<boolean>`(c.assignee = ${staff} or (c.assignee is null and (c.team is null or ${isOpen})) or
    (c.handed_in_by = ${staff} and (c.at_once = 'issued' or c.state_at = c.handed_in_at)))`;
}

/** Returns a case; null: there is none that the transaction may see. */
export async function readCase(tx: Tx, id: string): Promise<CaseRow | null> {
  const row = await select(tx).where('id', '=', id).executeTakeFirst();
  return row ? fromRow(row) : null;
}

/** Returns a case, locked until the transaction ends. */
export async function readCaseForUpdate(tx: Tx, id: string): Promise<CaseRow | null> {
  const row = await select(tx).where('id', '=', id).forUpdate().executeTakeFirst();
  return row ? fromRow(row) : null;
}

/**
 * Returns the cases of a person, and those that they began for somebody by a valid authorisation, those that they worked on last first. Runs in
 * the scope of the person. Two looks by an index: one with both conditions would read every case of the town.
 */
export async function readCasesOf(tx: Tx, person: string, most: number): Promise<CaseRow[]> {
  const last = () => select(tx).orderBy('changed_at', 'desc').orderBy('id').limit(most);
  const own = await last().where('person_id', '=', person).execute();
  const begun = await last()
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('case_representation as c')
        .innerJoin('representation as r', 'r.id', 'c.representation_id')
        .select('c.case_id')
        .where('r.representative_id', '=', person)
        .where('r.state', '=', 'accepted'),
    )
    .execute();
  const both = new Map([...own, ...begun].map((row) => [row.id, fromRow(row)]));
  return [...both.values()]
    .toSorted((a, b) => Temporal.Instant.compare(b.changedAt, a.changedAt))
    .slice(0, most);
}

/** Returns what happened to a case, in its order. */
export async function readCaseEvents(tx: Tx, id: string): Promise<CaseEvent[]> {
  const rows = await tx
    .selectFrom('case_event')
    .select(['kind', 'at', 'actor', 'data'])
    .where('case_id', '=', id)
    .orderBy('id')
    .execute();
  return rows.map((row) => ({ ...row, kind: row.kind as CaseEvent['kind'] }));
}

const HANDLERS = ROLES.filter(roleHandles);

/** Returns whether somebody has a role in the office to which cases are given. */
export async function handlesIn(tx: Tx, office: number, staff: number): Promise<boolean> {
  const row = await tx
    .selectFrom('staff_role')
    .select('role')
    .where('office_id', '=', office)
    .where('staff_id', '=', staff)
    .where('role', 'in', HANDLERS)
    .executeTakeFirst();
  return row !== undefined;
}

type Which = Pick<CaseRow, 'id' | 'office'>;
const WHICH = ['id', 'office_id as office'] as const;

/** Returns open cases of all offices whose official handles none there any more, since they left or have another role. Runs for the installation. */
export const readLeft = (tx: Tx, most: number): Promise<Which[]> =>
  tx
    .selectFrom('case_file as c')
    .select(['c.id', 'c.office_id as office'])
    .where('c.closed_at', 'is', null)
    .where('c.handed_in_at', 'is not', null)
    .where('c.assignee', 'is not', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('staff_role as r')
            .select('r.role')
            .whereRef('r.office_id', '=', 'c.office_id')
            .whereRef('r.staff_id', '=', 'c.assignee')
            .where('r.role', 'in', HANDLERS),
        ),
      ),
    )
    .orderBy('c.id')
    .limit(most)
    .execute();

/** Returns whether a draft is paid, or signed and free, so that it is about to be handed in as it was then. */
export async function isOnItsWay(tx: Tx, id: string): Promise<boolean> {
  return (await isPaid(tx, id)) || (await isSignedNow(tx, id));
}

async function isSignedNow(tx: Tx, id: string): Promise<boolean> {
  const row = await tx
    .selectFrom('case_signature')
    .select('id')
    .where('case_id', '=', id)
    .where('state', '=', 'signed')
    .where('settled_at', 'is', null)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Returns the signature of the answers of a case as they are now, with what was signed, sealed; null: they are not signed. */
export async function readSigned(
  tx: Tx,
  { id, version }: Pick<CaseRow, 'id' | 'version'>,
): Promise<(RecordSignature & { sealed: Buffer }) | null> {
  return signatureIn(
    await signed(tx)
      .where('case_id', '=', id)
      .where('cosigner_id', 'is', null)
      .where('version', '=', version)
      .executeTakeFirst(),
  );
}

/** Returns the signature of somebody else who must sign a case, with what they signed, sealed; null: they have not, or only by their session. */
export const readCosigned = async (
  tx: Tx,
  cosigner: string,
): Promise<(RecordSignature & { sealed: Buffer }) | null> =>
  signatureIn(await signed(tx).where('cosigner_id', '=', cosigner).executeTakeFirst());

const signed = (tx: Tx) =>
  tx
    .selectFrom('case_signature')
    .select(['id', 'way', 'hash', 'evidence_hash', 'decided_at', 'prepared'])
    .where('state', '=', 'signed')
    .orderBy('number')
    .limit(1);

function signatureIn(
  row: Awaited<ReturnType<ReturnType<typeof signed>['executeTakeFirst']>>,
): (RecordSignature & { sealed: Buffer }) | null {
  if (!row?.evidence_hash || !row.decided_at) return null;
  return {
    id: row.id,
    way: row.way as SigningWay,
    of: row.hash.toString('hex'),
    sha256: row.evidence_hash.toString('hex'),
    at: row.decided_at.toString(),
    sealed: row.prepared,
  };
}

async function isPaid(tx: Tx, id: string): Promise<boolean> {
  const row = await tx
    .selectFrom('payment')
    .select('id')
    .where('case_id', '=', id)
    .where('state', '=', 'paid')
    .where('settled_at', 'is', null)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** The days for which a draft is kept after its person went to pay: a bank may tell later that it was paid. */
const PAYING_DAYS = 4;

/**
 * Returns drafts of all offices that are to be deleted, the longest due first; not those that are being paid, or are about to be handed in. Runs for the installation.
 */
export function readToDiscard(
  tx: Tx,
  now: Temporal.Instant,
  { most, skipped }: DuePage,
): Promise<Which[]> {
  const lately = now.subtract({ hours: 24 * PAYING_DAYS });
  return tx
    .selectFrom('case_file')
    .select(WHICH)
    .where('discard_at', '<=', moment(now))
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('payment')
            .select('payment.id')
            .whereRef('payment.case_id', '=', 'case_file.id')
            .where(({ and, eb, or }) =>
              or([
                and([eb('state', '=', 'paid'), eb('settled_at', 'is', null)]),
                and([eb('state', '=', 'begun'), eb('begun_at', '>', moment(lately))]),
              ]),
            ),
        ),
      ),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('case_signature')
            .select('case_signature.id')
            .whereRef('case_signature.case_id', '=', 'case_file.id')
            .where('case_signature.state', '=', 'signed')
            .where('case_signature.settled_at', 'is', null),
        ),
      ),
    )
    .orderBy('discard_at')
    .orderBy('id')
    .limit(most)
    .offset(skipped)
    .execute();
}

/** Returns open cases of all offices whose state ended by itself before this day, the longest due first. Runs for the installation. */
export const readLapsing = (
  tx: Tx,
  before: Temporal.PlainDate,
  { most, skipped }: DuePage,
): Promise<Which[]> =>
  tx
    .selectFrom('case_file')
    .select(WHICH)
    .where('closed_at', 'is', null)
    .where('lapse_on', '<', before.toString())
    .orderBy('lapse_on')
    .orderBy('id')
    .limit(most)
    .offset(skipped)
    .execute();

/**
 * Returns by appointment the case that is not handed in and was begun or shown last in its encounter; else one that its person may show there, since
 * they booked it about that.
 */
export async function readOpenForms(
  tx: Tx,
  appointments: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await tx
    .selectFrom('case_file as c')
    .innerJoin('case_appointment as t', 't.case_id', 'c.id')
    .innerJoin('encounter as e', 'e.appointment_id', 't.appointment_id')
    .select(['c.id', 't.appointment_id as appointment'])
    .select((eb) => eb('c.encounter_id', 'is not distinct from', eb.ref('e.id')).as('isHere'))
    .where('t.appointment_id', 'in', appointments)
    .where('c.state', '=', 'draft')
    .orderBy('isHere')
    .orderBy('c.opened_at')
    .execute();
  return new Map(rows.map(({ id, appointment }) => [appointment, id]));
}

/** When the first unfinished form is to be deleted. */
export const discardDue: DueSql = sql`select min(discard_at) from case_file where discard_at is not null`;

/** When the first last day of an open case has passed. */
export const deadlinesDue: DueSql = startOfDay(
  sql`(select min(lapse_on) + 1 from case_file where closed_at is null and lapse_on is not null)`,
);
