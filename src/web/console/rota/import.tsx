import { type CalendarRead, readCalendar } from '../../../features/rota/rules.ts';
import type { RotaEdit } from '../../../features/rota/types.ts';
import { Radios, TextInput } from '../../../ui/forms.tsx';
import { BackLink, ErrorSummary, type ProblemLink } from '../../../ui/parts.tsx';
import { type Form, formOf, readForm } from '../../form.ts';
import { readFileForm } from '../../upload.ts';
import { senderAt } from '../sender.ts';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { DeskField, planOrSave, type Typed, type Wrong } from './edit.tsx';

const MOST_BYTES = 1024 * 1024;
/** Events that are named one by one. */
const MOST_NAMED = 10;

const NOTHING: Typed = { text: () => '', all: () => [] };
const asOf = (form: Pick<Form, 'text'>) => (form.text('as') === 'shift' ? 'shift' : 'absence');

/** `…/rota/import`: a calendar file of one desk; then what would happen; then it is done. */
export function rotaImportPage(deps: StaffDeps) {
  const showForm = (visit: DeskVisit, typed: Typed, problems: readonly ProblemLink[] = []) =>
    visit.show(
      {
        title: visit.t('rota.import.title'),
        ...(problems.length > 0 && { status: 422, hasErrors: true }),
      },
      <ImportForm visit={visit} typed={typed} problems={problems} />,
    );

  const planned = (visit: DeskVisit, form: Form, warnings: string[]) =>
    planOrSave(deps, visit, form, {
      ...{ title: visit.t('rota.import.title'), edit: editOf(form), warnings: () => warnings },
      again: (problems) => showForm(visit, form, problems),
    });

  return {
    get: async (visit: DeskVisit) => {
      const rows = await deps.rota.rows(visit.viewer, visit.body);
      return rows ? showForm(visit, NOTHING) : visit.c.notFound();
    },

    post: async (visit: DeskVisit) => {
      const { c, t, viewer, body, now } = visit;
      if (!(await deps.rota.rows(viewer, body))) return c.notFound();
      if (!c.req.header('Content-Type')?.startsWith('multipart/')) {
        const form = await readForm(c, MOST_BYTES);
        return form.text('step') === 'back' ? showForm(visit, form) : planned(visit, form, []);
      }
      using got = await readFileForm(c, MOST_BYTES, senderAt(visit));
      const refused = (text: string, typed: Typed) =>
        showForm(visit, typed, [{ href: '#file', text }]);
      if (!got.ok)
        return refused(
          t(got.reason === 'busy' ? 'rota.import.busy' : 'rota.import.tooLarge'),
          NOTHING,
        );
      const fields = ['desk', 'as', 'why'].map((name): [string, string] => [
        name,
        got.form.text(name),
      ]);
      const typed = formOf(fields);
      const [file] = got.form.files;
      if (!file) return refused(t('rota.import.noFile'), typed);
      const text = new TextDecoder().decode(file.bytes);
      const read = readCalendar(text, { timeZone: body.timeZone, now, as: asOf(typed) });
      if (!read) return refused(t('rota.wrong.entries'), typed);
      const form = formOf([...fields, ['entries', entriesText(read)]]);
      return planned(visit, form, leftOut(visit, read));
    },
  };
}

/** What was read of a file, on its way from page to page: a line for each event, its digest and from when to when. */
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
  const [desk, why] = [Number(form.text('desk')), form.line('why')];
  return { kind: 'import', desk, as: asOf(form), why, entries, uids };
}

/** Which events are not taken, and why. */
function leftOut({ t }: DeskVisit, { left }: CalendarRead): string[] {
  const named = left.slice(0, MOST_NAMED).map(({ name, why }) =>
    t('rota.import.left', {
      name: name || t('rota.import.unnamed'),
      why: t(`rota.import.why.${why}`),
    }),
  );
  const more = left.length - named.length;
  return more > 0 ? [...named, t('rota.import.leftMore', { count: more })] : named;
}

function ImportForm(props: { visit: DeskVisit; typed: Typed; problems: readonly ProblemLink[] }) {
  const { visit, typed, problems } = props;
  const { t, base } = visit;
  const wrong: Wrong = (field) => problems.find((each) => each.href === `#${field}`)?.text;
  const file = wrong('file');
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
        <div class={file ? 'field wrong' : 'field'}>
          <label for="file">{t('rota.import.file')}</label>
          <p class="hint" id="file-hint">
            {t('rota.import.fileHint')}
          </p>
          {file ? (
            <p class="mend" id="file-error">
              {file}
            </p>
          ) : null}
          <input
            type="file"
            id="file"
            name="file"
            accept=".ics,text/calendar"
            aria-describedby={file ? 'file-hint file-error' : 'file-hint'}
            aria-invalid={file ? 'true' : undefined}
          />
        </div>
        <p class="row">
          <button type="submit" class="button" id="look">
            {t('away.look')}
          </button>
        </p>
      </form>
    </>
  );
}
