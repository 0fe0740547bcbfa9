import { createHash } from 'node:crypto';
import { mayImport } from '../../../features/booking/imports/rules.ts';
import type { ImportFile } from '../../../features/booking/imports/service.ts';
import type { ImportOptions, ImportPlan } from '../../../features/booking/imports/types.ts';
import { readMapping } from '../../../formats/appointments/mapping.ts';
import { readAppointments } from '../../../formats/appointments/read.ts';
import type { ProblemLink } from '../../../ui/parts.tsx';
import { senderAt } from '../../console/sender.ts';
import type { DeskVisit } from '../../console/visit.tsx';
import { type FileForm, isFileForm, readFileForm } from '../../files/upload.ts';
import { type Form, formOf } from '../../form.ts';
import { csvReport, fileMistakeIn } from '../../importing/report.ts';
import type { AdminDeps } from '../sheet.tsx';
import { ImportView, type Shown } from './view.tsx';

/** The largest file: some thousand appointments. */
const MOST_BYTES = 1024 * 1024;
/** The room for a file that goes along in the form, in base64, while its plan is read. */
const ROOM_KEPT = 1.5 * MOST_BYTES;
/** The most lines that are brought while somebody waits for the page; more is for the command. */
const MOST_LINES = 2000;

const NOTHING = formOf([]);

/** `…/admin/import`: a file of another tool; then what would come of each line; then the deed. */
export function importPage(deps: AdminDeps) {
  return {
    get: (visit: DeskVisit) =>
      mayImport(visit.viewer, visit.office)
        ? show(visit, { form: NOTHING })
        : (visit.c.notFound() as Response),
    post: async (visit: DeskVisit) => {
      if (!mayImport(visit.viewer, visit.office)) return visit.c.notFound() as Response;
      if (!isFileForm(visit.c)) return wrong(visit, NOTHING, 'file', 'imports.page.noFile');
      using got = await readFileForm(visit.c, MOST_BYTES + ROOM_KEPT, senderAt(visit));
      if (!got.ok)
        return wrong(
          visit,
          NOTHING,
          'file',
          got.reason === 'busy' ? 'imports.page.busy' : 'imports.page.tooLarge',
        );
      return take(deps, visit, got.form);
    },
  };
}

async function take(deps: AdminDeps, visit: DeskVisit, form: FileForm): Promise<Response> {
  const { t, office, now, viewer } = visit;
  const bytes = form.files[0]?.bytes ?? Buffer.from(form.text('kept'), 'base64');
  if (bytes.length === 0) return wrong(visit, form, 'file', 'imports.page.noFile');
  if (bytes.length > MOST_BYTES) return wrong(visit, form, 'file', 'imports.page.tooLarge');
  const mapped = readMapping(form.lines('mapping'), form.text('source'));
  if (!mapped.ok)
    return mapped.isUnnamed
      ? wrong(visit, form, 'source', 'imports.page.noSource')
      : wrong(visit, form, 'mapping', mapped.mistakes.slice(0, 5).join(' '));
  const { mapping } = mapped;
  const read = readAppointments(bytes, mapping, { timeZone: office.timeZone, now });
  if (!read.ok) return wrong(visit, form, 'file', fileMistakeIn(read.mistake, t));
  if (read.rows.length > MOST_LINES)
    return wrong(visit, form, 'file', t('imports.page.tooMany', { most: MOST_LINES }));
  const file = { rows: read.rows, mapping, digest: sha256(bytes) };
  const kept = Buffer.from(bytes).toString('base64');
  const options = optionsIn(form);
  const { columns } = read;
  const act = form.text('act');
  if (act === 'do') {
    const { imports } = deps;
    const code = form.text('code');
    const said = Number(form.text('cancelling'));
    const done = await imports.carryOut(viewer, office, file, { ...options, code, said });
    if (done.ok) return show(visit, { form, columns, rows: done.rows, isDone: true });
    const shown = { form, columns, ...planShown(done.plan, kept) };
    if (done.reason === 'changed') return show(visit, { ...shown, hasChanged: true });
    const text = t('imports.page.unsaid', { count: done.plan.mustSay });
    return show(visit, { ...shown, problems: [{ href: '#cancelling', text }] });
  }
  const plan = await deps.imports.plan(viewer, office, file, options);
  if (act === 'report') return csv(visit, plan);
  return show(visit, { form, columns, ...planShown(plan, kept) });
}

const planShown = ({ rows, code, mustSay }: ImportPlan, kept: string) => ({
  rows,
  code,
  mustSay,
  kept,
});

const sha256 = (bytes: Uint8Array): ImportFile['digest'] =>
  createHash('sha256').update(bytes).digest('hex');

const optionsIn = (form: Form): ImportOptions => ({
  isConfirmed: form.all('options').includes('confirmation'),
  isWithdrawn: form.all('options').includes('cancel'),
  isWhole: form.all('options').includes('whole'),
  isTold: form.all('options').includes('told'),
});

function csv(visit: DeskVisit, { rows }: ImportPlan): Response {
  const { c, office } = visit;
  c.header('Content-Disposition', `attachment; filename="import-${office.code}.csv"`);
  c.header('Content-Type', 'text/csv; charset=utf-8');
  c.header('Cache-Control', 'no-store');
  return c.body(csvReport(rows, visit, office.timeZone));
}

function wrong(
  visit: DeskVisit,
  form: Form,
  field: 'file' | 'mapping' | 'source',
  text: string,
): Response {
  const said = text.startsWith('imports.page.') ? visit.t(text as 'imports.page.noFile') : text;
  return show(visit, { form, problems: [{ href: `#${field}`, text: said }] });
}

function show(visit: DeskVisit, shown: Shown & { problems?: readonly ProblemLink[] }): Response {
  const title = visit.t('admin.section.import');
  const isRefused = (shown.problems ?? []).length > 0;
  return visit.show(
    { title, ...(isRefused && { status: 422, hasErrors: true }) },
    <ImportView visit={visit} shown={shown} />,
  );
}
