import { levelOf, obstaclesTo } from '../../../domain/form/online.ts';
import type { Office, Procedure } from '../../../domain/office/types.ts';
import type { PublishedForm } from '../../../features/foundation/forms/types.ts';
import { canGive } from '../../../features/foundation/identification/rules.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import type { CitizenDeps, OfficeVisit } from '../visit.tsx';

type Deps = Pick<CitizenDeps, 'forms' | 'identification' | 'payments'>;

/**
 * Returns the form of a procedure that can be finished on-line today; null: it has none, something in it can't be done on-line yet, or nobody
 * gives the level that it demands.
 */
export async function onlineForm(
  { forms, identification, payments }: Deps,
  office: Office,
  procedure: Procedure,
): Promise<PublishedForm | null> {
  const form = await forms.current(office, procedure.code);
  if (!form) return null;
  const takesPayments = form.form.fee !== undefined && (await payments.isOpen());
  if (obstaclesTo(form.form, { takesPayments }).length > 0) return null;
  const level = levelOf(form.form);
  if (level === 'none') return form;
  const offered = await identification.offered();
  return offered.some((each) => canGive(each, level)) ? form : null;
}

/** Doing it on-line, on the page of a procedure. */
export function Online(props: {
  visit: OfficeVisit;
  procedure: Procedure;
  form: PublishedForm | null;
}) {
  const { visit, procedure, form } = props;
  const { t, to, office } = visit;
  if (!form) return null;
  const { minutes } = form.form;
  return (
    <section class="stack" aria-labelledby="online">
      <h2 id="online">{t('case.online.title')}</h2>
      <p>
        {minutes
          ? t('case.online.minutes', { minutes: t('common.minutes', { count: minutes }) })
          : t('case.online.text')}
      </p>
      <p>
        <ButtonLink href={to.apply(office.code, procedure.code)} rel="next">
          {t('case.online.button')}
        </ButtonLink>
      </p>
    </section>
  );
}
