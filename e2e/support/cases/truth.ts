import { connectionOf, query } from '../truth.ts';
import type { Codes } from './applicants.ts';

/** What the database has of cases, read around the service. */
export interface CaseTruth {
  /** The numbers of the entries of cases that were handed in, in order. */
  numbers: string[];
  /** How many certificates were issued. */
  issued: number;
  /** How many fees were paid, and are kept. */
  paid: number;
  /** How many cases were signed. */
  signed: number;
  /** What must not be; each is empty. */
  faults: Record<keyof typeof FAULTS, string[]>;
}

/** Queries that find what must not be. */
const FAULTS = {
  withoutEntry: `select id from case_file c where handed_in_at is not null and not exists
    (select from registry_entry where office_id = c.office_id and about = 'case ' || c.id || ' application')`,
  entryWithoutCase: `select about as id from registry_entry where about like 'case % application' and not exists
    (select from case_file c where handed_in_at is not null and about = 'case ' || c.id || ' application')`,
  gaps: `select office_id || direction || number as id from registry_entry e where number > 1 and not exists
    (select from registry_entry where (office_id, direction, year, number) = (e.office_id, e.direction, e.year, e.number - 1))`,
  stillDue: `select id from case_file where at_once = 'due'`,
  issuedWithoutDocument: `select id from case_file c where at_once = 'issued' and not exists
    (select from case_decision where case_id = c.id and document is not null and c.state = 'granted')`,
  documentWithoutExit: `select case_id as id from case_decision d where issued_at is not null and not exists
    (select from registry_entry where about = 'case ' || d.case_id || ' decision' and content = d.document_hash)`,
  untold: `select c.id from case_file c where at_once = 'issued' and
    (select count(*) from notice where case_id = c.id and facts ->> 'news' = 'decided') <> 1`,
  paidUnsettled: `select id from payment where state = 'paid' and settled_at is null`,
  paidNotHandedIn: `select p.id from payment p left join case_file c on c.id = p.case_id
    where p.state = 'paid' and p.refund is null and c.handed_in_at is null`,
  paidTwice: `select case_id as id from payment where state = 'paid' and refund is null group by case_id having count(*) > 1`,
  unpaid: `select c.id from case_file c join procedure p on p.id = c.procedure_id where p.code = $1 and handed_in_at is not null
    and not exists (select from payment where case_id = c.id and state = 'paid' and refund is null)`,
  signedUnsettled: `select id from case_signature where state = 'signed' and settled_at is null`,
  signedNotHandedIn: `select s.id from case_signature s left join case_file c on c.id = s.case_id
    where s.state = 'signed' and c.handed_in_at is null`,
  signedTwice: `select case_id as id from case_signature where state = 'signed' group by case_id having count(*) > 1`,
  unsigned: `select c.id from case_file c join procedure p on p.id = c.procedure_id where p.code = $2 and handed_in_at is not null
    and not exists (select from case_signature where case_id = c.id and state = 'signed' and version = c.version)`,
} as const;

/** Reads it. */
export async function readCaseTruth(
  server: { dataDir: string },
  { priced, signed }: Codes,
): Promise<CaseTruth> {
  const connection = connectionOf(server);
  const ids = async (statement: string): Promise<string[]> =>
    (await query<{ id: string }>(connection, statement)).map(({ id }) => id);
  const faults = {} as CaseTruth['faults'];
  for (const [name, statement] of Object.entries(FAULTS))
    faults[name as keyof typeof FAULTS] = await ids(
      statement.replace('$1', `'${priced}'`).replace('$2', `'${signed}'`),
    );
  const numbers = await ids(
    `select 'E' || year || lpad(number::text, 6, '0') as id from registry_entry where direction = 'entry' order by number`,
  );
  const issued = await ids(`select id from case_file where at_once = 'issued'`);
  const paid = await ids(`select id from payment where state = 'paid' and refund is null`);
  const signatures = await ids(`select id from case_signature where state = 'signed'`);
  return {
    numbers,
    issued: issued.length,
    paid: paid.length,
    signed: signatures.length,
    faults,
  };
}
