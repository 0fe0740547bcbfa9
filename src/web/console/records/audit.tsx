import { Readable } from 'node:stream';
import { actionOf, isAccountAction } from '../../../features/foundation/audit/service.ts';
import type { TrailEntry, TrailFilter } from '../../../features/foundation/audit/types.ts';
import { changeInWords } from '../../../formats/town-file/changes/differences.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import { Tag } from '../../../ui/parts.tsx';
import { csvLines, csvOf } from '../../files/csv.ts';
import { askedText } from '../../form.ts';
import { dayAsked } from '../day/page.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { formatActor } from '../words.ts';
import { deedIn } from './staff-deed.ts';

/** See `actorOf`. */
const ACTOR = /^((staff|token):\d{1,9}|(companion|person):[\da-f-]{36}|citizen|verifier|system)$/;
const ON_A_PAGE = 100;
/** A file is read and sent in pieces of this size. */
const IN_A_PIECE = 5000;

const COLUMNS = ['at', 'who', 'action', 'code', 'appointment', 'foreign', 'data'] as const;

/**
 * Returns the filter in the address: a local day, and optionally one person, one appointment or only the
 * questionable entries.
 */
function filterOf(visit: DeskVisit): { filter: TrailFilter; day: Temporal.PlainDate } {
  const { c, office } = visit;
  const day = dayAsked(visit);
  const start = day.toZonedDateTime(office.timeZone);
  const who = c.req.query('who') ?? '';
  const reference = askedText(c, 'reference', 20).toUpperCase();
  return {
    day,
    filter: {
      from: start.toInstant(),
      to: start.add({ days: 1 }).toInstant(),
      ...(ACTOR.test(who) && { actor: who }),
      ...(reference && { reference }),
      ...(c.req.query('foreign') === '1' && { foreign: true }),
    },
  };
}

/** `/console/{office}/audit`: the access trail, for people with the permission. */
export function auditPage(deps: StaffDeps) {
  return async (visit: DeskVisit) => {
    const { c, t, viewer, base } = visit;
    const asked = c.req.query('before') ?? '';
    const before = /^\d{1,15}$/.test(asked) ? Number(asked) : null;
    const { filter, day } = filterOf(visit);
    const page = await deps.auditTrail.read(viewer, filter, { before, most: ON_A_PAGE });
    if (!page) return c.notFound();
    const { entries } = page;
    const title = t('audit.title');
    const query = new URL(c.req.url).searchParams;
    query.delete('before');
    const older = new URLSearchParams(query);
    older.set('before', String(page.before));
    return visit.show(
      { title, layout: 'column' },
      <>
        <h1>{title}</h1>
        <p class="lead">{t('audit.lead')}</p>
        <Choose visit={visit} day={day} filter={filter} />
        {entries.length === 0 ? <p role="status">{t('audit.none')}</p> : null}
        {entries.length > 0 ? <Table visit={visit} entries={entries} /> : null}
        <p class="row">
          {page.before === null ? null : (
            <ButtonLink kind="quiet" href={`${base}/audit?${older}`}>
              {t('audit.older')}
            </ButtonLink>
          )}
          <a href={`${base}/audit.csv?${query}`}>{t('audit.export')}</a>
          <a href={`${base}/register`}>{t('acts.register.title')}</a>
        </p>
      </>,
    );
  };
}

/** The same as a file: one day at most, and all of it. */
export function auditFile(deps: StaffDeps) {
  return async (visit: DeskVisit) => {
    const { c, t, viewer, office } = visit;
    const { filter, day } = filterOf(visit);
    const read = (before: number | null) =>
      deps.auditTrail.read(viewer, filter, { before, most: IN_A_PIECE });
    const first = await read(null);
    if (!first) return c.notFound();
    const heads = COLUMNS.map((each) => t(`audit.column.${each}`));
    const rowOf = (each: TrailEntry) => [
      each.at.toZonedDateTimeISO(office.timeZone).toString({ timeZoneName: 'never' }),
      each.who ?? each.actor,
      actionIn(visit, each),
      each.action,
      each.appointment?.reference ?? '',
      each.isForeign ? '1' : '',
      JSON.stringify(each.data),
    ];
    const pieces = async function* () {
      yield Buffer.from(csvOf([heads, ...first.entries.map(rowOf)]));
      for (let { before } = first; before !== null; ) {
        const page = await read(before);
        // A broken connection shows that the file isn't complete.
        if (!page) throw new Error('The access record may be read no longer');
        yield Buffer.from(csvLines(page.entries.map(rowOf)));
        before = page.before;
      }
    };
    c.header('Content-Disposition', `attachment; filename="audit-${office.code}-${day}.csv"`);
    c.header('Content-Type', 'text/csv; charset=utf-8');
    c.header('Cache-Control', 'no-store');
    return c.body(Readable.toWeb(Readable.from(pieces())) as ReadableStream<Uint8Array>);
  };
}

function Choose(props: { visit: DeskVisit; day: Temporal.PlainDate; filter: TrailFilter }) {
  const { visit, day, filter } = props;
  const { t, base } = visit;
  return (
    <form action={`${base}/audit`} class="choose" aria-label={t('audit.choose')}>
      <div class="field">
        <label for="audit-day">{t('staff.day.choose')}</label>
        <input type="date" id="audit-day" name="day" value={day.toString()} required />
      </div>
      <div class="field">
        <label for="audit-reference">{t('audit.column.appointment')}</label>
        <input
          type="text"
          id="audit-reference"
          name="reference"
          value={filter.reference ?? ''}
          size={10}
          autocomplete="off"
        />
      </div>
      {filter.actor ? <input type="hidden" name="who" value={filter.actor} /> : null}
      <label class="check">
        <input type="checkbox" name="foreign" value="1" checked={filter.foreign ?? false} />{' '}
        {t('audit.onlyForeign')}
      </label>
      <button type="submit" class="button quiet">
        {t('staff.day.show')}
      </button>
    </form>
  );
}

function Table({ visit, entries }: { visit: DeskVisit; entries: readonly TrailEntry[] }) {
  const { t, dates, base } = visit;
  const { c } = visit;
  const only = (actor: string) => {
    const query = new URL(c.req.url).searchParams;
    query.set('who', actor);
    query.delete('before');
    return `${base}/audit?${query}`;
  };
  return (
    <div class="scroll">
      <table class="table">
        <thead>
          <tr>
            {(['at', 'who', 'action', 'appointment'] as const).map((each) => (
              <th key={each} scope="col">
                {t(`audit.column.${each}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {entries.map((each) => (
            <tr key={each.id}>
              <td class="figures nowrap">{dates.time(each.at)}</td>
              <td>
                <a href={only(each.actor)}>{each.who ?? actorIn(visit, each.actor)}</a>
              </td>
              <td>
                {actionIn(visit, each)}{' '}
                {each.isForeign ? <Tag kind="warn">{t('audit.foreign')}</Tag> : null}
              </td>
              <td>
                {each.appointment ? (
                  <a href={`${base}/appointment/${each.appointment.id}`} class="figures nowrap">
                    {each.appointment.reference}
                  </a>
                ) : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function actorIn({ t }: DeskVisit, actor: string): string {
  const [kind, id] = actor.split(':');
  return kind === 'token' ? `${formatActor(t, actor)} ${id}` : formatActor(t, actor);
}

/** Returns the changed place of the declaration, with the old and the new value. */
function declaredIn({ t }: DeskVisit, { data }: TrailEntry): string {
  const changes = (data.changes ?? []) as Parameters<typeof changeInWords>[0][];
  return t('admin.trail', { what: changes.map(changeInWords).join(', ') });
}

function actionIn(visit: DeskVisit, entry: TrailEntry): string {
  const { t } = visit;
  const { data } = entry;
  const action = actionOf(entry.action);
  if (action === null) return entry.action;
  if (action === 'declared') return declaredIn(visit, entry);
  if (action === 'act_consented' && (data.paper === 'scanned' || data.paper === 'seen'))
    return t(`acts.trail.${data.paper}`, { action: t('audit.action.act_consented') });
  // Invitations exist for staff, and for companions in an appointment.
  if (action === 'invited' && entry.appointment) return t(`audit.action.${action}`);
  return isAccountAction(action) ? deedIn(t, entry, action) : t(`audit.action.${action}`);
}
