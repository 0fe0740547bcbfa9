import type pg from 'pg';

/** A right of the runtime role on a table's rows. */
export type Right = 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE';

const READ: readonly Right[] = ['SELECT'];
/** History: the service can't change or delete it. */
const APPEND: readonly Right[] = ['SELECT', 'INSERT'];
/** Rows that change and stay. */
const CHANGE: readonly Right[] = ['SELECT', 'INSERT', 'UPDATE'];
/** Rows that are made and deleted, but never changed. */
const REMOVE: readonly Right[] = ['SELECT', 'INSERT', 'DELETE'];
const ALL: readonly Right[] = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'];

/**
 * The complete rights of the runtime role on each table. It owns nothing, so it can neither alter nor truncate a table nor turn a trigger
 * off. A table that isn't listed can't be read. The effects of triggers and SQL functions need these rights too; those of foreign keys (ON
 * DELETE CASCADE) don't.
 */
export const TABLE_GRANTS: Readonly<Record<string, readonly Right[]>> = {
  'public.audit': APPEND,
  'public.audit_seal': APPEND,
  // forget_reasons() removes a reason from an event.
  'public.event': APPEND,
  'public.office_version': APPEND,
  'public.open_figure': APPEND,
  'public.open_month': APPEND,
  'public.open_request_figure': APPEND,
  'public.open_request_month': APPEND,
  'public.case_appointment': APPEND,
  'public.case_destruction': APPEND,
  'public.case_event': APPEND,
  'public.chat_event': APPEND,
  'public.case_external': APPEND,
  'public.case_package': APPEND,
  'public.case_receipt': APPEND,
  'public.case_representation': APPEND,
  'public.case_submission': APPEND,
  'public.case_waiting': APPEND,
  'public.form_ending': APPEND,
  'public.case_note': APPEND,
  // Its request's deletion takes it along; anonymising keeps what happened.
  'public.request_event': APPEND,
  'public.form_version': APPEND,
  // destroy_payments() deletes it with its payment.
  'public.payment_notification': APPEND,
  'public.notification_choice': APPEND,
  'public.notification_evidence': APPEND,
  'public.registry_day': APPEND,
  'public.registry_entry': APPEND,
  // forget_addresses() removes the hashes of addresses from a step.
  'public.proof_step': APPEND,

  'public.applied_function': READ,
  'public.kysely_migration': READ,
  'public.schema_release': READ,

  'public.act': CHANGE,
  'public.case_amendment': CHANGE,
  'public.case_decision': CHANGE,
  'public.case_message': CHANGE,
  'public.case_report': CHANGE,
  'public.case_cosigner': CHANGE,
  'public.case_signature': CHANGE,
  'public.desk': CHANGE,
  'public.desk_day': CHANGE,
  'public.appointment': CHANGE,
  'public.office': CHANGE,
  'public.colleague_request': CHANGE,
  'public.chat': CHANGE,
  'public.companion': CHANGE,
  'public.figure_call': CHANGE,
  'public.figure_mark': CHANGE,
  'public.notice': CHANGE,
  'public.notification': CHANGE,
  'public.notification_handover': CHANGE,
  'public.offer': CHANGE,
  'public.payment': CHANGE,
  'public.presence': CHANGE,
  'public.procedure': CHANGE,
  'public.purpose_key': CHANGE,
  'public.registry_book': CHANGE,
  'public.registry_outside': CHANGE,
  'public.rota_change': CHANGE,
  'public.staff': CHANGE,
  'public.survey_answer': CHANGE,
  'public.token': CHANGE,
  'public.town': CHANGE,
  'public.wait_list': CHANGE,
  'public.webhook': CHANGE,

  'public.draft': REMOVE,
  'public.office_draft': REMOVE,
  'public.encounter_point': REMOVE,
  'public.closure': REMOVE,
  'public.document_key': REMOVE,
  'public.chat_entry': REMOVE,
  'public.document_piece': REMOVE,
  'public.follow_up': REMOVE,
  'public.loose_piece': REMOVE,
  'public.message': REMOVE,
  'public.muted': REMOVE,
  'public.presence_event': REMOVE,
  'public.proved_browser': REMOVE,
  'public.signal': REMOVE,
  'public.staff_managed': REMOVE,

  'public.backup_run': REMOVE,
  'public.installation': REMOVE,
  'public.job_run': ALL,
  'public.citizen_session': ALL,
  'public.identification': REMOVE,
  'public.identification_attempt': ALL,
  'public.identification_code': ALL,
  'public.person': ALL,
  'public.person_appointment': ALL,
  'public.resident': REMOVE,
  'public.resident_list': ALL,
  'public.signature_exchange': ALL,
  'public.representation': ALL,
  'public.represented_appointment': ALL,
  'public.opening': ALL,
  'public.request': ALL,
  'public.request_follower': ALL,
  'public.request_message': ALL,
  'public.request_note': REMOVE,
  'public.calendar_feed': ALL,
  'public.calendar_connection': ALL,
  'public.calendar_entry': ALL,
  'public.desk_busy': REMOVE,
  'public.absence': ALL,
  'public.desk_time': ALL,
  'public.case_file': ALL,
  'public.space_key': ALL,
  'public.attempt': ALL,
  'public.encounter': ALL,
  'public.encounter_item': ALL,
  'public.office_key': ALL,
  'public.call': ALL,
  'public.call_quality': ALL,
  'public.device_test': ALL,
  'public.chat_code': ALL,
  'public.chat_file': ALL,
  'public.document': ALL,
  'public.figure_day': ALL,
  'public.figure_item': ALL,
  'public.figure_item_month': ALL,
  'public.figure_month': ALL,
  'public.figure_other': ALL,
  'public.journey': ALL,
  'public.one_time_code': ALL,
  'public.seat': ALL,
  'public.shift': ALL,
  'public.staff_identifier': ALL,
  'public.staff_mail': ALL,
  'public.staff_preference': ALL,
  'public.staff_role': ALL,
  'public.webhook_delivery': ALL,

  // Accounts: first those of the library better-auth, which it adds, changes and deletes itself.
  'auth.account': ALL,
  'auth.rateLimit': ALL,
  'auth.session': ALL,
  'auth.twoFactor': ALL,
  'auth.user': ALL,
  'auth.verification': ALL,
  'auth.invitation': ALL,
  'auth.known_browser': ALL,
  'auth.passkey': ALL,
  'auth.sign_in_failure': ALL,
  'auth.spent_challenge': REMOVE,
  'auth.sso_attempt': REMOVE,
  'auth.used_code': REMOVE,
};

/** The functions with the owner's rights (SECURITY DEFINER) that the runtime role may call. */
export const FUNCTION_GRANTS: readonly string[] = [
  'pause_audit',
  'forget_reasons',
  'forget_addresses',
  'destroy_payments',
];

/** The lock against several processes that start at once and change the same row of the catalogue. */
const LOCK = "hashtext('finestreta.grants')";

/**
 * Gives `role` exactly the declared rights, and revokes all others. To be run by the tables' owner. Writes nothing when the rights are
 * right already.
 */
export async function grantTo(client: pg.ClientBase, role: string): Promise<void> {
  await client.query('begin');
  try {
    await client.query(`select pg_advisory_xact_lock(${LOCK})`);
    for (const statement of await missingGrants(client, role)) await client.query(statement);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  }
}

/** Returns whether `role` has exactly the declared rights; any login may ask. */
export const hasGrants = async (client: pg.ClientBase, role: string): Promise<boolean> =>
  (await missingGrants(client, role)).length === 0;

/** Returns the statements that would give the role its rights; empty: it has them. */
async function missingGrants(client: pg.ClientBase, role: string): Promise<string[]> {
  const to = client.escapeIdentifier(role);
  const tables = await readTableRights(client, role);
  const wrong = tables.filter(({ name, rights }) => !isSame(rights, TABLE_GRANTS[name] ?? []));
  const ofTables = wrong.flatMap(({ name, table }) => {
    const rights = TABLE_GRANTS[name] ?? [];
    const revoke = `revoke all on ${table} from ${to}`;
    return rights.length > 0
      ? [revoke, `grant ${rights.join(', ')} on ${table} to ${to}`]
      : [revoke];
  });
  const { rows } = await client.query<{ statement: string }>(OTHER_GRANTS, [role, FUNCTION_GRANTS]);
  return [...ofTables, ...rows.map((each) => each.statement)];
}

const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  [...a].sort().join() === [...b].sort().join();

interface TableRights {
  /** In the form of TABLE_GRANTS. */
  name: string;
  /** In the form of a statement. */
  table: string;
  /** The role's rights on it. */
  rights: string[];
}

/** Returns every table with the rights of `role` on it, of all existing privileges. */
export async function readTableRights(client: pg.ClientBase, role: string): Promise<TableRights[]> {
  const { rows } = await client.query<TableRights>(
    `select n.nspname || '.' || c.relname as name, format('%I.%I', n.nspname, c.relname) as table,
       array(select a.privilege_type from aclexplode(c.relacl) a where a.grantee = r.oid) as rights
     from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_roles r on r.rolname = $1
     where c.relkind in ('r', 'p', 'v', 'm') and n.nspname in ('public', 'auth')
       and not exists (select from pg_depend d
         where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
     order by 1`,
    [role],
  );
  return rows;
}

/**
 * Schemas, sequences and functions. Sequences can be read, for a backup; an identity column needs no right to use its own. No role may make
 * tables beside ours, not even temporary ones: their names would hide ours.
 */
const OTHER_GRANTS = `
  select format('grant usage on schema %I to %I', n.nspname, r.rolname) as statement
    from pg_namespace n, pg_roles r
    where r.rolname = $1 and n.nspname in ('public', 'auth')
      and not has_schema_privilege(r.oid, n.oid, 'usage')
  union all
  select format('revoke create on schema public from public')
    from pg_namespace n where n.nspname = 'public' and pg_has_role(n.nspowner, 'usage')
      and exists (select from aclexplode(n.nspacl) a where a.grantee = 0 and a.privilege_type = 'CREATE')
  union all
  select format('revoke temporary on database %I from public', d.datname)
    from pg_database d where d.datname = current_database() and pg_has_role(d.datdba, 'usage')
      and exists (select from aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
        where a.grantee = 0 and a.privilege_type = 'TEMPORARY')
  union all
  select format('grant select on sequence %I.%I to %I', n.nspname, c.relname, r.rolname)
    from pg_class c join pg_namespace n on n.oid = c.relnamespace, pg_roles r
    where r.rolname = $1 and c.relkind = 'S' and n.nspname in ('public', 'auth')
      and not has_sequence_privilege(r.oid, c.oid, 'select')
  union all
  select format('grant execute on routine %s to %I', p.oid::regprocedure, r.rolname)
    from pg_proc p, pg_roles r
    where r.rolname = $1 and p.pronamespace = 'public'::regnamespace and p.proname = any ($2)
      and not has_function_privilege(r.oid, p.oid, 'execute')`;
