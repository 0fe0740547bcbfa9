import { isBooked, isWithdrawn, needsSomebody } from '../../../features/booking/imports/rules.ts';
import type { PlannedRow } from '../../../features/booking/imports/types.ts';
import type { ReadColumn } from '../../../formats/appointments/read.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { Checkboxes, FileInput, TextArea, TextInput } from '../../../ui/forms.tsx';
import { BackLink, ErrorSummary, Notice, type ProblemLink, Table } from '../../../ui/parts.tsx';
import type { DeskVisit } from '../../console/visit.tsx';
import type { Form } from '../../form.ts';
import { cellsOf, columnsIn, countsOf, MOST_LISTED, unmappedOf } from '../../importing/report.ts';
import { adminBase } from '../places.ts';

/** What the page of an import shows. */
export interface Shown {
  form: Form;
  problems?: readonly ProblemLink[];
  /** What would come, or came, of each line; absent: no file was read. */
  rows?: readonly PlannedRow[];
  /** Which columns were read as what. */
  columns?: readonly ReadColumn[];
  /** The code that carries out the plan. */
  code?: string;
  /** How many are cancelled, where somebody has to type it. */
  mustSay?: number;
  /** The file, in base64: it goes along in the form, and is stored nowhere. */
  kept?: string;
  isDone?: boolean;
  /** Whether the plan is another one than the person had read. */
  hasChanged?: boolean;
}

interface Props {
  visit: DeskVisit;
  shown: Shown;
}

export function ImportView({ visit, shown }: Props) {
  const { t } = visit;
  const { problems = [], rows, isDone } = shown;
  return (
    <>
      <BackLink href={adminBase(visit)}>{t('admin.title')}</BackLink>
      <ErrorSummary title={t('staff.error.title')} problems={problems} />
      <h1>{t('admin.section.import')}</h1>
      {rows ? null : <p class="lead">{t('imports.page.lead')}</p>}
      {rows ? <Outcome visit={visit} shown={shown} rows={rows} /> : null}
      {isDone ? (
        <p>
          <a href={`${adminBase(visit)}/import`}>{t('imports.page.another')}</a>
        </p>
      ) : (
        <ImportForm visit={visit} shown={shown} />
      )}
    </>
  );
}

function Outcome({ visit, shown, rows }: Props & { rows: readonly PlannedRow[] }) {
  const { t } = visit;
  const { isDone, hasChanged, columns = [] } = shown;
  const count = rows.length;
  const said = t(isDone ? 'imports.done' : 'imports.plan', { count });
  return (
    <>
      {hasChanged ? <Notice kind="warn">{t('imports.page.changed')}</Notice> : null}
      <div role="status">
        <Notice kind={isDone ? 'good' : 'plain'}>{count > 0 ? said : t('imports.nothing')}</Notice>
      </div>
      {count > 0 ? (
        <Table
          caption={t('imports.page.counts')}
          rows={countsOf(rows)}
          keyOf={(each) => each.verdict}
          columns={[
            {
              head: t('imports.column.result'),
              cell: (each) => t(`imports.verdict.${each.verdict}`),
            },
            { head: t('imports.page.lines'), number: true, cell: (each) => each.count },
          ]}
        />
      ) : null}
      {count > 0 ? <p>{columnsIn(columns, visit)}</p> : null}
      <Unmapped visit={visit} rows={rows} />
      <Lines visit={visit} rows={rows} />
    </>
  );
}

function Unmapped({ visit, rows }: { visit: DeskVisit; rows: readonly PlannedRow[] }) {
  const names = unmappedOf(rows, visit);
  if (names.length === 0) return null;
  return (
    <ul>
      {names.map((each) => (
        <li key={each}>{each}</li>
      ))}
    </ul>
  );
}

function Lines({ visit, rows }: { visit: DeskVisit; rows: readonly PlannedRow[] }) {
  const { t } = visit;
  const all = rows.filter(({ verdict }) => needsSomebody(verdict));
  if (all.length === 0) return null;
  const listed = all.slice(0, MOST_LISTED).map((row, at) => ({
    ...cellsOf(row, visit),
    at,
    // The column is named “Line”.
    line: row.line === 0 ? t('imports.gone') : row.line,
  }));
  const more = all.length - listed.length;
  return (
    <>
      <Table
        caption={t('imports.attention')}
        wide="attention"
        rows={listed}
        keyOf={(each) => String(each.at)}
        columns={[
          { head: t('imports.column.line'), cell: (each) => each.line },
          { head: t('imports.column.hour'), cell: (each) => each.hour },
          { head: t('imports.column.name'), cell: (each) => <bdi>{each.name}</bdi> },
          { head: t('imports.column.result'), cell: (each) => <Meaning of={each} /> },
        ]}
      />
      {more > 0 ? <p>{t('imports.more', { count: more })}</p> : null}
    </>
  );
}

/** A line of a mapping. */
const EXAMPLE = 'procedures: { "Padró - alta": alta-padro }';

function Meaning({ of }: { of: Pick<ReturnType<typeof cellsOf>, 'meaning' | 'detail'> }) {
  return (
    <>
      {of.meaning}
      {of.detail ? (
        <>
          : <bdi>{of.detail}</bdi>
        </>
      ) : null}
    </>
  );
}

/** The form of a file. Once it was read, it goes along, unless another one is chosen. */
function ImportForm({ visit, shown }: Props) {
  const { t } = visit;
  const { form, problems = [], kept, code } = shown;
  const wrong = (field: string) => problems.find((each) => each.href === `#${field}`)?.text;
  return (
    <form
      method="post"
      action={`${adminBase(visit)}/import`}
      enctype="multipart/form-data"
      class="form"
      novalidate
    >
      {kept && code ? <Confirm visit={visit} shown={shown} kept={kept} code={code} /> : null}
      <FileInput
        name="file"
        label={t(kept === undefined ? 'imports.page.file' : 'imports.page.otherFile')}
        hint={t('imports.page.fileHint')}
        error={wrong('file')}
        accept=".csv,.ics,.json,.txt,text/csv,text/calendar"
      />
      <TextInput
        name="source"
        label={t('imports.page.source')}
        hint={t('imports.page.sourceHint')}
        error={wrong('source')}
        value={form.text('source')}
        autocomplete="off"
        spellcheck={false}
        maxLength={30}
        short
      />
      <TextArea
        name="mapping"
        label={t('imports.page.mapping')}
        hint={t('imports.page.mappingHint', { example: EXAMPLE })}
        error={wrong('mapping')}
        value={form.text('mapping')}
        rows={8}
      />
      <Codes visit={visit} />
      <Checkboxes
        name="options"
        label={t('imports.page.options')}
        values={form.all('options')}
        options={[
          { value: 'whole', label: t('imports.page.whole') },
          { value: 'cancel', label: t('imports.page.cancel') },
          { value: 'told', label: t('imports.page.told') },
          { value: 'confirmation', label: t('imports.page.confirmation') },
        ]}
      />
      <p class="row">
        <button type="submit" class={kept ? 'button quiet' : 'button'} name="act" value="look">
          {t(kept ? 'imports.page.lookAgain' : 'imports.page.look')}
        </button>
      </p>
    </form>
  );
}

/** What procedures are called in a mapping. */
function Codes({ visit: { t, office } }: { visit: DeskVisit }) {
  return (
    <details>
      <summary>{t('imports.page.codes')}</summary>
      <ul>
        {office.procedures.map(({ code, name }) => (
          <li key={code}>
            <code>{code}</code> {textIn(name, t.language)}
          </li>
        ))}
      </ul>
    </details>
  );
}

/** The deed that was read, and the report of every line. */
function Confirm({ visit, shown, kept, code }: Props & { kept: string; code: string }) {
  const { t } = visit;
  const { rows = [], form, mustSay = 0, problems = [] } = shown;
  const cancels = form.all('options').includes('cancel');
  const count = rows.filter(({ verdict }) => isBooked(verdict)).length;
  const gone = cancels ? rows.filter(({ verdict }) => isWithdrawn(verdict)).length : 0;
  return (
    <>
      <input type="hidden" name="kept" value={kept} />
      <input type="hidden" name="code" value={code} />
      {mustSay > 0 ? (
        <TextInput
          name="cancelling"
          label={t('imports.page.cancelling')}
          hint={t('imports.page.cancellingHint')}
          error={problems.find((each) => each.href === '#cancelling')?.text}
          inputMode="numeric"
          autocomplete="off"
          maxLength={5}
          short
        />
      ) : null}
      <p class="row">
        {count + gone > 0 ? (
          <button type="submit" class="button" name="act" value="do">
            {t('imports.page.do', { count, gone })}
          </button>
        ) : null}
        <button type="submit" class="button quiet" name="act" value="report">
          {t('imports.page.report')}
        </button>
      </p>
      <h2>{t('imports.page.change')}</h2>
    </>
  );
}
