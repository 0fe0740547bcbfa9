import { type ImportMistake, maySeeFigures } from '../../../features/insight/statistics/rules.ts';
import type { Preview } from '../../../features/insight/statistics/service.ts';
import { OTHER_CHANNELS } from '../../../features/insight/statistics/types.ts';
import { Button } from '../../../ui/buttons.tsx';
import { TextArea } from '../../../ui/forms.tsx';
import { BackLink, ErrorSummary, Notice, Table } from '../../../ui/parts.tsx';
import { readFileForm } from '../../files/upload.ts';
import { senderAt } from '../sender.ts';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { channelName, monthName, numbersOf } from './tables.ts';

const MOST_BYTES = 100_000;
const MOST_SAID = 20;

interface Typed {
  text: string;
  problems: string[];
  /** The changes it would make; null: nothing was read yet. */
  preview: Preview | null;
}

/**
 * `…/figures/import`: encounters on other channels, as their own system counts them; a preview comes
 * before saving.
 */
export function figuresImport(deps: Pick<StaffDeps, 'statistics'>) {
  return {
    get: (visit: DeskVisit) =>
      maySeeFigures(visit.viewer)
        ? show(visit, { text: '', problems: [], preview: null })
        : visit.c.notFound(),
    post: async (visit: DeskVisit) => {
      const { t, viewer, office } = visit;
      if (!maySeeFigures(viewer)) return visit.c.notFound();
      using read = await readFileForm(visit.c, MOST_BYTES, senderAt(visit));
      if (!read.ok)
        return show(visit, {
          text: '',
          preview: null,
          problems: [t(`figures.import.wrong.${read.reason}`)],
        });
      const { form } = read;
      const [file] = form.files;
      const text = file ? new TextDecoder().decode(file.bytes) : form.text('text');
      const isKept = form.text('act') === 'keep';
      const result = await deps.statistics.importOther(viewer, office, text, isKept);
      if (!result) return visit.c.notFound();
      if (!result.ok) {
        const problems =
          'why' in result
            ? [t(`figures.import.wrong.${result.why}`)]
            : result.mistakes.slice(0, MOST_SAID).map((each) => lineProblem(visit, each));
        return show(visit, { text, problems, preview: null });
      }
      if (isKept)
        return visit.redirect(`${visit.base}/figures/import?done=${result.preview.length}`);
      return show(visit, { text, problems: [], preview: result.preview });
    },
  };
}

const lineProblem = ({ t }: DeskVisit, { line, why }: ImportMistake): string =>
  t('figures.import.line', { line, why: t(`figures.import.wrong.${why}`) });

function show(visit: DeskVisit, { text, problems, preview }: Typed): Response {
  const { t, c, base } = visit;
  const title = t('figures.import.title');
  const done = c.req.query('done') ?? '';
  const isRefused = problems.length > 0;
  return visit.show(
    { title, ...(isRefused && { status: 422, hasErrors: true }) },
    <>
      <BackLink href={`${base}/figures`}>{t('figures.title')}</BackLink>
      <ErrorSummary
        title={t('staff.error.title')}
        problems={problems.map((each) => ({ href: '#text', text: each }))}
      />
      <h1>{title}</h1>
      {/^\d{1,4}$/.test(done) ? (
        <div role="status">
          <Notice kind="good">{t('figures.import.done', { figures: Number(done) })}</Notice>
        </div>
      ) : null}
      <p class="lead">{t('figures.import.lead')}</p>
      {preview ? <Confirm visit={visit} text={text} preview={preview} /> : null}
      <form
        method="post"
        action={`${base}/figures/import`}
        encType="multipart/form-data"
        class="form"
        aria-labelledby="choose-file"
      >
        <h2 id="choose-file">
          {preview ? t('figures.import.another') : t('figures.import.choose')}
        </h2>
        <p>
          {t('figures.import.columns', {
            channels: OTHER_CHANNELS.map((each) => `${each} (${channelName(visit, each)})`).join(
              ', ',
            ),
          })}
        </p>
        <pre>{'month,channel,encounters\n2026-09,internet,1520\n2026-09,walk_in,380'}</pre>
        <div class="field">
          <label for="file">{t('figures.import.file')}</label>
          <input type="file" id="file" name="file" accept=".csv,text/csv,text/plain" />
        </div>
        <TextArea
          name="text"
          label={t('figures.import.text')}
          error={isRefused ? problems[0] : undefined}
          value={text}
          rows={8}
        />
        <Button kind={preview ? 'quiet' : 'main'} name="act" value="look">
          {t('figures.import.look')}
        </Button>
      </form>
    </>,
  );
}

function Confirm(props: { visit: DeskVisit; text: string; preview: Preview }) {
  const { visit, text, preview } = props;
  const { t, base } = visit;
  const numbers = numbersOf(visit);
  return (
    <form
      method="post"
      action={`${base}/figures/import`}
      encType="multipart/form-data"
      class="form"
      aria-labelledby="preview"
    >
      <Table
        caption={<span id="preview">{t('figures.import.preview')}</span>}
        rows={preview}
        keyOf={(each) => `${each.month} ${each.channel}`}
        columns={[
          { head: t('figures.head.month'), cell: (each) => monthName(visit, each.month) },
          { head: t('figures.head.channel'), cell: (each) => channelName(visit, each.channel) },
          {
            head: t('figures.import.now'),
            number: true,
            cell: (each) =>
              each.encounters === null ? t('figures.import.gone') : numbers.count(each.encounters),
          },
          {
            head: t('figures.import.before'),
            number: true,
            cell: (each) => numbers.count(each.before),
          },
        ]}
      />
      <textarea name="text" hidden aria-label={t('figures.import.text')}>
        {text}
      </textarea>
      <Button name="act" value="keep">
        {t('figures.import.keep', { figures: preview.length })}
      </Button>
    </form>
  );
}
