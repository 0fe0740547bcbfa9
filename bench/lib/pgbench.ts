import { execFile } from 'node:child_process';
import { globSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Office } from '../../src/domain/office/types.ts';
import { isQualified } from '../../src/features/booking/slots/rules.ts';
import { withSettings } from '../../src/lib/db/database.ts';
import type { EmbeddedConnection } from '../../src/lib/db/embedded.ts';
import { temporaryFolder } from './database.ts';
import { BUFFER, FIRST_DAY, MINUTES, NOW, SHARED, STARTS_A_DAY } from './town.ts';

/** Debian keeps it beside the server's programs and not in PATH. */
export function findPgbench(): string | null {
  const debian = globSync('/usr/lib/postgresql/*/bin/pgbench').sort();
  const inPath = (process.env.PATH ?? '').split(':').map((folder) => join(folder, 'pgbench'));
  return [...inPath, ...debian].flatMap((path) => globSync(path)).at(-1) ?? null;
}

/** The first working day that is booked, and how many: twelve weeks from Monday to Friday. */
export const WORKING_DAYS = 60;

/** When a start of a working day is; days and starts from 0. */
export function startOf(day: number, start: number): Temporal.Instant {
  const local = FIRST_DAY.add({ days: 7 + Math.floor(day / 5) * 7 + (day % 5) });
  return local
    .toZonedDateTime({ timeZone: 'Europe/Madrid', plainTime: '09:00' })
    .add({ minutes: start * (MINUTES + BUFFER) })
    .toInstant();
}

/** The notices of a booking: the confirmation and both reminders. */
const NOTICES = ['confirmation', 'reminder', 'soon'];

const noticeOf = (kind: string): string =>
  `json_build_object('id', gen_random_uuid(), 'kind', '${kind}', 'channel', 'email',
    'recipient', 'maria.puig@example.org', 'language', 'ca', 'facts', json_build_object(
      'reference', 'P' || :one::text, 'procedure', '${SHARED[0]}', 'channel', 'phone', 'language', 'ca',
      'start', to_timestamp(:start), 'end', to_timestamp(:end), 'sequence', 0, 'name', 'Maria Puig i Ferrer',
      'onBehalfOf', null),
    'not_before', :now::text, 'expires_at', to_timestamp(:end))`;

/**
 * One booking at a random start, as the service asks the database for it: the same function, the same kinds of arguments,
 * made by the database where the service makes them (ids, a reference, a link's hash).
 */
function scriptFor(procedure: number): string {
  const nine = startOf(0, 0).epochMilliseconds / 1000;
  const minutes = (MINUTES + BUFFER) * 60;
  return `
\\set day random(0, ${WORKING_DAYS - 1})
\\set midnight ${nine - 9 * 3600} + (:day / 5) * 604800 + (:day % 5) * 86400
\\set start :midnight + ${9 * 3600} + random(0, ${STARTS_A_DAY - 1}) * ${minutes}
\\set end :start + ${MINUTES * 60}
\\set busy :start + ${minutes}
\\set tomorrow :midnight + 86400
\\set one random(1, 1000000000)
\\set two random(1, 1000000000)
\\set phone random(600000000, 699999999)
select outcome, desk_id from book_appointment(
  :office, :revision, :agents, to_timestamp(:start), to_timestamp(:end), to_timestamp(:busy),
  tstzrange(to_timestamp(:midnight), to_timestamp(:tomorrow)), :now, null,
  json_build_object('id', gen_random_uuid(), 'reference', 'P' || :one::text || '-' || :two::text,
    'procedure_id', ${procedure}, 'further', array[]::text[], 'people', 1, 'channel', 'phone', 'language', 'ca', 'notice_language', 'ca',
    'name', 'Maria Puig i Ferrer', 'email', 'maria.puig.' || :one::text || '@example.org', 'phone', '+34' || :phone::text,
    'on_behalf_of', null,
    'needs', array[]::text[], 'comment', '', 'external_id', null, 'idempotency_key', null)::jsonb,
  sha256((:one::text || :two::text)::bytea), sha256((:two::text || :one::text)::bytea), 'citizen',
  json_build_array(${NOTICES.map(noticeOf).join(', ')})::jsonb, 3, null);
`;
}

/**
 * Runs \`transactions\` bookings with 8 clients.
 * @returns bookings a second, as pgbench counts
 */
export async function pgbenchBookings(
  pgbench: string,
  connection: EmbeddedConnection,
  office: Office,
  transactions: number,
): Promise<number> {
  const folder = temporaryFolder();
  try {
    const scripts = SHARED.flatMap((code) => {
      const procedure = office.procedure(code);
      if (!procedure) throw new Error(`No procedure ${code}`);
      const need = { procedure: code, channel: 'phone', language: 'ca', duration: MINUTES };
      const desks = office.rota.desks.filter((each) => isQualified(each, need));
      const path = join(folder.path, `${code}.sql`);
      const list = `'{${desks.map((each) => each.id).join(',')}}'::int[]`;
      writeFileSync(path, scriptFor(procedure.id).replace(':agents', list));
      return ['--file', path];
    });
    const { stdout } = await promisify(execFile)(
      pgbench,
      [
        ...[
          '-n',
          '-M',
          'prepared',
          '-c',
          '8',
          '-j',
          '1',
          '-t',
          String(Math.ceil(transactions / 8)),
        ],
        ...['-D', `office=${office.id}`, '-D', `revision=${office.revision}`, '-D', `now=${NOW}`],
        ...scripts,
        ...['-h', connection.host, '-p', String(connection.port), '-U', connection.user],
        connection.database,
      ],
      {
        env: {
          ...process.env,
          PGOPTIONS: withSettings({}).options,
          PGPASSWORD: connection.password,
        },
      },
    );
    const failed = Number(/number of failed transactions: (\d+)/.exec(stdout)?.[1] ?? 0);
    const rate = Number(/tps = ([\d.]+)/.exec(stdout)?.[1]);
    if (!(rate > 0) || failed > 0) throw new Error(`pgbench:\n${stdout}`);
    return rate;
  } finally {
    folder.remove();
  }
}
