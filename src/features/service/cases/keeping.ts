import type { PersonId } from '../../../domain/identity.ts';
import { isOfNotification, type NotificationEvent } from '../../../domain/notification.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import type { PurposeKey } from '../../../lib/secrets.ts';
import { isUuid } from '../../../lib/uuid.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import type { RunUnit, Unit } from '../../foundation/audit/service.ts';
import type { Forms } from '../../foundation/forms/service.ts';
import type { PublishedForm } from '../../foundation/forms/types.ts';
import type { Identification } from '../../foundation/identification/service.ts';
import type { Offices } from '../../foundation/offices/service.ts';
import type { Registry } from '../../foundation/registry/service.ts';
import type { SameNif } from '../../foundation/staff-identifiers/types.ts';
import { habilitationOf } from '../consent/service.ts';
import type { CasePapers, Keyring } from '../documents/service.ts';
import { isTheirs } from './access.ts';
import { mayFillIn } from './assisted/filling.ts';
import { insertCaseEvent } from './store.ts';
import { type CaseEvent, type CaseRow, DRAFT } from './types.ts';
import { readCase } from './views.ts';

export interface CasesDeps {
  db: Db;
  clock: Clock;
  unit: RunUnit;
  offices: Pick<Offices, 'byId' | 'list'>;
  forms: Pick<Forms, 'current' | 'version'>;
  registry: Pick<Registry, 'register'>;
  keyring: Pick<Keyring, 'make' | 'shelf' | 'end'>;
  papers: CasePapers;
  /** The key of links. */
  key: PurposeKey;
  identification: Pick<Identification, 'of' | 'person' | 'openSaid'>;
  officials: Officials;
}

/** Who the officials are that help to fill in forms. */
export interface Officials {
  /** Returns the names of accounts, by their ids. */
  namesOf(staff: readonly number[]): Promise<ReadonlyMap<number, string>>;
  /** Returns whether the NIF of an official is the identifier of a person. */
  compare(staff: number, who: PersonId): Promise<SameNif>;
}

/** Returns a case of the viewer; null: it isn't theirs. */
export async function findTheirs(
  { tx, viewer, office }: Pick<Unit, 'tx' | 'viewer' | 'office'>,
  id: string,
  read: typeof readCase,
): Promise<CaseRow | null> {
  const row = isUuid(id) ? await read(tx, id) : null;
  if (row?.office !== office || !isTheirs(viewer, row)) return null;
  // What its applicant goes on writing afterwards is theirs until they hand it in.
  const isOver =
    viewer.kind === 'staff' && row.state === DRAFT && !(await mayFillIn({ tx }, viewer, row));
  return isOver ? null : row;
}

/** Returns the version of the form with which a case began; null: there is no such case. */
export async function formOf(
  { db, forms }: Pick<CasesDeps, 'db' | 'forms'>,
  office: Office,
  id: string,
): Promise<PublishedForm | null> {
  const row = isUuid(id) ? await within(db, office.id, (tx) => readCase(tx, id)) : null;
  return row && forms.version(office.id, row.form);
}

/** Returns whether a member of staff is in the register of habilitated officials today, before the unit of work: accounts belong to no office. */
export const isHabilitated = async (
  deps: Pick<CasesDeps, 'db' | 'clock'>,
  office: Office,
  { staff }: StaffViewer,
): Promise<boolean> => (await habilitationOf(deps, office, staff)) !== null;

/** What `tell` records. The check of a paper has a record of its own. */
type Told = Exclude<CaseEvent['kind'], 'paper_refused'>;

const ACTIONS = {
  opened: 'case_opened',
  handed_in: 'case_handed_in',
  moved: 'case_moved',
  submitted: 'case_submitted',
  assigned: 'case_assigned',
  amendment_asked: 'case_amendment_asked',
  amended: 'case_amended',
  extended: 'case_extended',
  undone: 'case_undone',
  decided: 'case_decided',
  not_at_once: 'case_not_at_once',
  report_asked: 'case_report_asked',
  report_ended: 'case_report_ended',
  cosigned: 'case_cosigned',
  cosign_declined: 'case_cosign_declined',
} as const satisfies Record<Exclude<Told, NotificationEvent>, string>;

/** What becomes of a notification is called the same on the trail. */
const actionOf = (kind: Told) => (isOfNotification(kind) ? kind : ACTIONS[kind]);

/** Records what happened: among the events of the case, and on the audit trail of its office. */
export async function tell(
  unit: Unit,
  id: string,
  kind: Told,
  data: CaseEvent['data'],
): Promise<void> {
  await insertCaseEvent(unit, id, kind, data);
  await unit.record(actionOf(kind), { data: { case: id, ...data } });
}
