import { numberText } from '../../../features/foundation/registry/service.ts';
import { DRAFT } from '../../../features/service/cases/types.ts';
import type { ActSeen } from '../../../features/service/consent/types.ts';
import type { Dossier } from '../../../features/service/encounter/types.ts';
import { Notice } from '../../../ui/parts.tsx';
import { sendFile } from '../../files/served.ts';
import { formAt } from '../filling/visit.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';

/** `…/on-behalf/{id}/{act}`, sent: hands in a form by an act to which its citizen has consented. */
export function handInFor(deps: StaffDeps) {
  return async (visit: DeskVisit): Promise<Response> => {
    const { c, t, viewer, office, base } = visit;
    const id = c.req.param('id') ?? '';
    const act = c.req.param('act') ?? '';
    const done = await deps.casesByAct.handInFor(viewer, office, id, act);
    if (done.ok) {
      await deps.atOnce.answer(office, id);
      return visit.redirect(`${base}/cases/${id}?done=handed-in`);
    }
    if (done.reason === 'not_found') return c.notFound();
    if (done.reason === 'handed_in') return visit.redirect(`${base}/cases/${id}`);
    const text =
      done.reason === 'not_habilitated'
        ? t('acts.ineligibility.not_habilitated')
        : done.reason === 'checking'
          ? t('onBehalf.refused.checking', { name: done.name })
          : t(`onBehalf.refused.${done.reason}`);
    const title = t('onBehalf.title');
    return visit.show(
      { title, status: 409 },
      <div class="filling stack">
        <h1>{title}</h1>
        <Notice kind="warn">
          <p role="status">{text}</p>
        </Notice>
        <p>
          <a href={formAt(visit, id)}>{t('onBehalf.form')}</a>
        </p>
      </div>,
    );
  };
}

/** What an act hands in, as its citizen reads it. */
export function FormOfAct({ visit: { t }, act }: { visit: DeskVisit; act: ActSeen }) {
  const of = act.record?.case;
  if (!of) return null;
  return (
    <>
      <h3>{t('onBehalf.answers')}</h3>
      <dl class="summary" lang={act.record?.language}>
        {of.answered.map(({ label, text }, nth) => (
          <div key={nth}>
            <dt>{label}</dt>
            <dd class="said">{text}</dd>
          </div>
        ))}
      </dl>
      {of.declared.length > 0 ? (
        <>
          <h3>{t('onBehalf.declared')}</h3>
          <ul lang={act.record?.language}>
            {of.declared.map(({ id, text }) => (
              <li key={id}>{text}</li>
            ))}
          </ul>
        </>
      ) : null}
    </>
  );
}

/** What is next of an act that hands in a form: the button that does it, or the case. */
export async function NextOfAct(
  deps: Pick<StaffDeps, 'cases'>,
  visit: DeskVisit,
  { act, dossier }: { act: ActSeen; dossier: Dossier },
) {
  const { t, base, viewer, office } = visit;
  if (act.case === null) return null;
  const begun = (await deps.cases.casesAt(viewer, office, dossier.appointment.id)) ?? [];
  const state = begun.find(({ id }) => id === act.case)?.state;
  if (state === undefined) return null;
  if (state !== DRAFT)
    return (
      <p>
        {t('onBehalf.handedIn')} <a href={`${base}/cases/${act.case}`}>{t('onBehalf.case')}</a>
      </p>
    );
  const isOpen = dossier.appointment.status === 'in_progress';
  return (
    <>
      {isOpen ? (
        <p>
          <a href={formAt(visit, act.case)}>{t('onBehalf.form')}</a>
        </p>
      ) : null}
      {act.state === 'consented' && act.isMine ? (
        <form method="post" class="action" action={`${base}/on-behalf/${act.case}/${act.id}`}>
          <p>{t('onBehalf.ready')}</p>
          <button type="submit" class="button" id="action">
            {t('onBehalf.handIn')}
          </button>
        </form>
      ) : null}
    </>
  );
}

/**
 * `…/cases/{id}/receipt.pdf`: the receipt of what was handed in, to print it for whoever is at the counter; `…/receipt/{number}`: of what came later,
 * by the number of its entry.
 */
export function receiptFile(deps: StaffDeps) {
  return async (visit: DeskVisit): Promise<Response> => {
    const { c, t, viewer, office, base } = visit;
    const id = c.req.param('id') ?? '';
    const receipt = await deps.receipts.of(viewer, office, id, c.req.param('entry'));
    if (!receipt) return c.notFound();
    const bytes = receipt.issued?.document;
    if (!bytes)
      return visit.show(
        { title: t('onBehalf.receipt'), status: 503 },
        <div class="stack">
          <h1>{t('onBehalf.receipt')}</h1>
          <p>{t('onBehalf.receipt.none')}</p>
          <p>
            <a href={`${base}/cases/${id}`}>{t('onBehalf.case')}</a>
          </p>
        </div>,
      );
    return sendFile(c, {
      name: `${numberText(receipt.entry)}.pdf`,
      type: 'application/pdf',
      size: bytes.length,
      async *read() {
        yield bytes;
      },
    });
  };
}
