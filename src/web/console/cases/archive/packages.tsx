import type {
  DuePackage,
  DuePackages,
  LeftOut,
  PackageRefusal,
  PackageResult,
} from '../../../../features/service/packages/types.ts';
import type { Translate } from '../../../../lib/i18n/translate.ts';
import { Button } from '../../../../ui/buttons.tsx';
import { Notice, Table } from '../../../../ui/parts.tsx';
import { sendFile } from '../../../files/served.ts';
import type { DeskVisit, StaffDeps } from '../../visit.tsx';
import { caseColumns } from '../listed/columns.tsx';
import { whenIn } from '../words.ts';

/** The closed cases that are kept for good, each with the way to pack it for the archive of the town. */
export function ForGood({ visit, due }: { visit: DeskVisit; due: DuePackages | null }) {
  const { t, base } = visit;
  if (!due) return null;
  const isLeft = due.cases.some(({ packedAt }) => packedAt === null);
  return (
    <section class="stack" aria-labelledby="packages">
      <h2 id="packages">{t('package.title')}</h2>
      {due.cases.length === 0 ? (
        <p>{t('package.none')}</p>
      ) : (
        <>
          <p>{t('package.lead')}</p>
          {isLeft ? (
            <form method="post" action={`${base}/cases/archive/packages`}>
              <Button aria-describedby="packages-hint">{t('package.all')}</Button>
              <p class="hint" id="packages-hint">
                {t('package.all.hint')}
              </p>
            </form>
          ) : null}
          <Listed visit={visit} cases={due.cases} />
          {due.more > 0 ? <p>{t('package.more', { count: due.more })}</p> : null}
        </>
      )}
    </section>
  );
}

function Listed({ visit, cases }: { visit: DeskVisit; cases: readonly DuePackage[] }) {
  const { t, base } = visit;
  return (
    <Table
      caption={t('package.caption')}
      columns={[
        ...caseColumns<DuePackage>(visit, ({ id }) => id),
        { head: t('caseDesk.column.closed'), cell: (of) => whenIn(visit, of.closedAt) },
        {
          head: t('package.column.packed'),
          cell: ({ id, reference, packedAt, refused }) => (
            <form method="post" action={`${base}/cases/${id}/package`} class="row">
              <span>
                {packedAt ? whenIn(visit, packedAt) : t('package.never')}
                {refused ? `. ${whyIn(t, refused)}` : null}
              </span>
              <button type="submit" class="button quiet small">
                {t('package.one')}
                <span class="hide"> {reference}</span>
              </button>
            </form>
          ),
        },
      ]}
      rows={cases}
      keyOf={({ id }) => id}
    />
  );
}

/** `…/cases/{id}/package`, sent: a closed case that is kept for good as a package. */
export const packageOne = (deps: StaffDeps) => async (visit: DeskVisit) =>
  answer(
    visit,
    await deps.packages.make(visit.viewer, visit.office, visit.c.req.param('id') ?? ''),
  );

/** `…/cases/archive/packages`, sent: the packages of those that nobody has packed. */
export const packageDue = (deps: StaffDeps) => async (visit: DeskVisit) =>
  answer(
    visit,
    await deps.packages.makeDue(visit.viewer, visit.office, (leftOut) => ({
      name: visit.t('package.leftOut.file'),
      text: `${[visit.t('package.leftOut'), ...linesOf(visit, leftOut)].join('\n')}\n`,
    })),
  );

/** Returns which cases were left out, and why, a line each. */
const linesOf = ({ t }: DeskVisit, leftOut: readonly LeftOut[]): string[] =>
  leftOut.map(({ reference, reason }) => `${reference}: ${whyIn(t, reason)}`);

const whyIn = (t: Translate, reason: PackageRefusal): string =>
  t(`package.refused.${reason === 'not_found' ? 'not_due' : reason}`);

function answer(visit: DeskVisit, done: PackageResult): Response | Promise<Response> {
  const { c, t, base } = visit;
  if (done.ok) {
    const { name, read } = done;
    return sendFile(c, { name, type: 'application/zip', read });
  }
  if (done.reason === 'not_found') return c.notFound();
  const title = t('package.refused.title');
  return visit.show(
    { title, status: 409 },
    <div class="stack">
      <h1>{title}</h1>
      <Notice kind="warn">
        <p role="status">{whyIn(t, done.reason)}</p>
      </Notice>
      {done.leftOut.length > 0 ? (
        <ul>
          {linesOf(visit, done.leftOut).map((line) => (
            <li>{line}</li>
          ))}
        </ul>
      ) : null}
      <p>
        <a href={`${base}/cases/archive`}>{t('package.back')}</a>
      </p>
    </div>,
  );
}
