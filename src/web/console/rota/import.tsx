import type { RotaRows } from '../../../features/foundation/offices/types.ts';
import {
  type CalendarRead,
  type LeftOut,
  readCalendar,
} from '../../../features/service/rota/rules.ts';
import type { RotaEdit } from '../../../features/service/rota/types.ts';
import { Checkboxes, FileInput, Radios, TextInput } from '../../../ui/forms.tsx';
import { BackLink, ErrorSummary, type ProblemLink } from '../../../ui/parts.tsx';
import { readFileForm } from '../../files/upload.ts';
import { type Form, formOf, onOneLine, readForm } from '../../form.ts';
import { senderAt } from '../sender.ts';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { DeskField, planOrSave, type Typed, type Wrong } from './edit.tsx';

const MOST_BYTES = 1024 * 1024;
/** The space for the result of an earlier file: at most a line for each of its events. */
const ROOM_KEPT = 256 * 1024;
/** The maximum number of events that are named one by one. */
const MOST_NAMED = 10;

const NOTHING: Typed = { text: () => '', all: () => [] };
const asOf = (form: Pick<Form, 'text'>) => (form.text('as') === 'shift' ? 'shift' : 'absence');

/** `…/rota/import`: a calendar file of one desk; then the consequences; then the action. */
export function rotaImportPage(deps: StaffDeps) {
  return {
    get: async (visit: DeskVisit) => {
      const rows = await deps.rota.rows(visit.viewer, visit.office);
      return rows ? showForm(visit, rows, NOTHING) : visit.c.notFound();
    },

    post: async (visit: DeskVisit) => {
      const { c, viewer, office } = visit;
      const rows = await deps.rota.rows(viewer, office);
      if (!rows) return c.notFound();
      if (c.req.header('Content-Type')?.startsWith('multipart/'))
        return takeFile(deps, visit, rows);
      const form = await readForm(c, MOST_BYTES);
      return form.text('step') === 'back'
        ? showForm(visit, rows, form)
        : planned(deps, visit, rows, form);
    },
  };
}

const showForm = (
  visit: DeskVisit,
  rows: RotaRows,
  typed: Typed,
  problems: readonly ProblemLink[] = [],
) =>
  visit.show(
    {
      title: visit.t('rota.import.title'),
      ...(problems.length > 0 && { status: 422, hasErrors: true }),
    },
    <ImportForm visit={visit} rows={rows} typed={typed} problems={problems} />,
  );

const planned = (deps: StaffDeps, visit: DeskVisit, rows: RotaRows, form: Form) =>
  planOrSave(deps, visit, form, {
    title: visit.t('rota.import.title'),
    edit: editOf(form),
    warnings: () => warningsOf(visit, form),
    again: (problems) => showForm(visit, rows, form, problems),
  });

/** Reads the sent file, or takes the result of an earlier one, and shows the consequences. */
async function takeFile(deps: StaffDeps, visit: DeskVisit, rows: RotaRows) {
  const { c, t, office, now } = visit;
  using got = await readFileForm(c, MOST_BYTES + ROOM_KEPT, senderAt(visit));
  const refused = (text: string, typed: Typed) =>
    showForm(visit, rows, typed, [{ href: '#file', text }]);
  const tooLarge = t('rota.import.tooLarge');
  const busy = t('rota.import.busy');
  if (!got.ok) return refused(got.reason === 'busy' ? busy : tooLarge, NOTHING);
  const { form } = got;
  const fieldsOf = (names: readonly string[]) =>
    form.fields().filter(([name]) => names.includes(name));
  const typed = formOf(fieldsOf(ASKED));
  const file = form.files[0];
  if (!file) {
    if (isRead(form)) return planned(deps, visit, rows, formOf(fieldsOf([...ASKED, ...READ])));
    return form.has('replaces')
      ? planned(deps, visit, rows, typed)
      : refused(t('rota.import.noFile'), typed);
  }
  if (file.bytes.length > MOST_BYTES) return refused(tooLarge, typed);
  const text = new TextDecoder().decode(file.bytes);
  const read = readCalendar(text, { timeZone: office.timeZone, now, as: asOf(typed) });
  if (!read) return refused(t('rota.wrong.entries'), typed);
  const fields = [...fieldsOf(ASKED), ...readFields(read, asOf(typed))];
  return planned(deps, visit, rows, formOf(fields));
}

/** The fields beside the file. */
const ASKED = ['desk', 'as', 'why', 'replaces'];
/** The fields that carry a file's result and its purpose from page to page. */
const READ = ['readAs', 'entries', 'left', 'leftMore', 'free'];

const readFields = (read: CalendarRead, as: string): [name: string, text: string][] => [
  ['readAs', as],
  ['entries', entriesText(read)],
  ['left', read.left.slice(0, MOST_NAMED).map(lineOf).join('\n')],
  ['leftMore', `${Math.max(0, read.left.length - MOST_NAMED)}`],
  ['free', `${read.free}`],
];

const lineOf = ({ why, name }: CalendarRead['left'][number]) => `${why} ${onOneLine(name)}`;

/** Returns whether a file was read before, for the present purpose. */
const isRead = (form: Pick<Form, 'text'>): boolean => form.text('readAs') === asOf(form);

/** Returns a line for each event: its digest, its start and its end. */
function entriesText({ entries, uids }: CalendarRead): string {
  const spans = Map.groupBy(entries, (each) => each.uid);
  return uids
    .map((uid) => [uid, ...(spans.get(uid) ?? []).map(({ from, to }) => `${from}/${to}`)].join(' '))
    .join('\n');
}

function editOf(form: Form): RotaEdit {
  const lines = form
    .lines('entries')
    .split('\n')
    .map((each) => each.split(' '));
  const entries = lines.flatMap(([uid = '', ...spans]) =>
    spans.map((span) => {
      const [from = '', to = ''] = span.split('/');
      return { uid, from, to };
    }),
  );
  const uids = lines.flatMap(([uid]) => uid || []);
  const desk = Number(form.text('desk'));
  const why = form.line('why');
  const replaces = form.has('replaces');
  return { kind: 'import', desk, as: asOf(form), why, entries, uids, replaces };
}

const REASONS: readonly LeftOut[] = ['uid', 'times', 'zone', 'long', 'many'];

/** Returns the omitted events, with the reasons. */
function warningsOf({ t }: DeskVisit, form: Form): string[] {
  const named = form.lines('left').split('\n');
  const left = named.flatMap((line) => {
    const why = REASONS.find((each) => line.startsWith(each));
    const name = line.slice(why?.length).trim() || t('rota.import.unnamed');
    return why ? [t('rota.import.left', { name, why: t(`rota.import.why.${why}`) })] : [];
  });
  const more = Number(form.text('leftMore'));
  const free = Number(form.text('free'));
  return [
    ...left,
    ...(more > 0 ? [t('rota.import.leftMore', { count: more })] : []),
    ...(free > 0 ? [t('rota.import.free', { count: free })] : []),
  ];
}

function ImportForm(props: {
  visit: DeskVisit;
  rows: RotaRows;
  typed: Typed;
  problems: readonly ProblemLink[];
}) {
  const { visit, rows, typed, problems } = props;
  const { t, base } = visit;
  const wrong: Wrong = (field) => problems.find((each) => each.href === `#${field}`)?.text;
  const isFirst = [...rows.shifts, ...rows.absences].every((each) => each.uid === null);
  return (
    <>
      <BackLink href={`${base}/rota`}>{t('rota.title')}</BackLink>
      <ErrorSummary title={t('staff.error.title')} problems={problems} />
      <h1>{t('rota.import.title')}</h1>
      <p class="lead">{t('rota.import.lead')}</p>
      <form method="post" enctype="multipart/form-data" class="form" novalidate>
        <DeskField visit={visit} typed={typed} wrong={wrong} />
        <Radios
          name="as"
          label={t('rota.import.as')}
          value={asOf(typed)}
          options={[
            { value: 'absence', label: t('rota.import.as.absence') },
            { value: 'shift', label: t('rota.import.as.shift') },
          ]}
        />
        <TextInput
          name="why"
          label={t('away.why')}
          hint={t('rota.whyHint')}
          value={typed.text('why')}
          error={wrong('why')}
          autocomplete="off"
        />
        <FileInput
          name="file"
          label={t('rota.import.file')}
          hint={t('rota.import.fileHint')}
          error={wrong('file')}
          kept={isRead(typed) ? <Kept visit={visit} typed={typed} /> : null}
          accept=".ics,text/calendar"
        />
        {isFirst ? null : <Replaces visit={visit} typed={typed} />}
        <p class="row">
          <button type="submit" class="button" id="look">
            {t('away.look')}
          </button>
        </p>
      </form>
    </>
  );
}

/** Whether what came from an earlier file is replaced. */
function Replaces({ visit: { t }, typed }: { visit: DeskVisit; typed: Typed }) {
  return (
    <Checkboxes
      name="replaces"
      label={t('rota.import.earlier')}
      hint={t('rota.import.earlierHint')}
      values={typed.all('replaces')}
      options={[{ value: 'yes', label: t('rota.import.replaces') }]}
    />
  );
}

/** The earlier file: its result goes along with the form, unless another file is chosen. */
function Kept({ visit, typed }: { visit: DeskVisit; typed: Typed }) {
  const count = typed.text('entries').split('\n').filter(Boolean).length;
  return (
    <>
      <p id="file-kept">{visit.t('rota.import.kept', { count })}</p>
      {READ.map((each) => (
        <input key={each} type="hidden" name={each} value={typed.text(each)} />
      ))}
    </>
  );
}
