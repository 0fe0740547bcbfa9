import type { ComponentChildren } from 'preact';
import { feeBefore } from '../../../domain/form/fee.ts';
import { levelOf } from '../../../domain/form/online.ts';
import type { Form } from '../../../domain/form/schema.ts';
import { codesOf } from '../../../domain/office/bundle.ts';
import type { Procedure } from '../../../domain/office/types.ts';
import type { PublishedForm } from '../../../features/foundation/forms/types.ts';
import { finishableForm } from '../../../features/service/cases/service.ts';
import { amountInWords } from '../../../features/service/payments/rules.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import { Say } from '../../../ui/parts.tsx';
import type { AppointmentVisit, CitizenDeps, OfficeVisit } from '../visit.tsx';

type Deps = Pick<CitizenDeps, 'forms' | 'identification' | 'payments' | 'signatures'>;

/** Doing it on-line, on the page of a procedure: how long it takes, who it must know, what it costs, when there is an answer. */
export function Online(props: {
  visit: OfficeVisit;
  procedure: Procedure;
  form: PublishedForm | null;
}) {
  const { visit, procedure, form } = props;
  const { t, to, office } = visit;
  if (!form) return null;
  return (
    <section class="stack" aria-labelledby="online">
      <h2 id="online">{t('case.online.title')}</h2>
      <p>{t('case.online.text')}</p>
      <ul>
        {factsOf(form.form, t).map((each) => (
          <li key={each}>{each}</li>
        ))}
      </ul>
      <Needs form={form.form} t={t} />
      <p>
        <ButtonLink href={to.apply(office.code, procedure.code)} rel="next">
          {t('case.online.button')}
        </ButtonLink>
      </p>
    </section>
  );
}

/** What to know before a form is begun, a sentence each. */
function factsOf(form: Form, t: Translate): string[] {
  const { minutes, decision, atOnce } = form;
  const level = levelOf(form) === 'none' ? 'none' : 'some';
  return [
    ...(minutes
      ? [t('case.apply.minutes', { minutes: t('common.minutes', { count: minutes }) })]
      : []),
    t(`case.online.identity.${level}`),
    costOf(form, t),
    ...(atOnce ? [t('case.online.atOnce')] : []),
    ...(decision?.months ? [t('case.online.months', { count: decision.months })] : []),
    ...(decision?.workingDays ? [t('case.online.days', { count: decision.workingDays })] : []),
  ];
}

/** What to have at hand. */
function Needs({ form: { needs }, t }: { form: Form; t: Translate }) {
  if (needs.length === 0) return null;
  return (
    <>
      <p>{t('case.online.needs')}</p>
      <ul>
        {needs.map(({ name }) => (
          <li key={textIn(name, t.language)}>
            <Say of={name} t={t} />
          </li>
        ))}
      </ul>
    </>
  );
}

function costOf(form: Form, t: Translate): string {
  const fee = feeBefore(form);
  return fee.kind === 'fixed'
    ? t('case.online.cost.fixed', { amount: amountInWords(fee.cents, t.language) })
    : t(`case.online.cost.${fee.kind}`);
}

/** The procedures of an appointment that can be done on-line instead, each with the way there; null where none can. */
export async function onlineInstead(
  deps: Deps,
  { t, to, office, appointment }: AppointmentVisit,
): Promise<ComponentChildren> {
  const codes = codesOf(appointment);
  const booked = office.procedures.filter(({ code }) => codes.includes(code));
  const forms = await Promise.all(booked.map((each) => finishableForm(deps, office, each.code)));
  const offered = booked.filter((_, at) => forms[at]);
  if (offered.length === 0) return null;
  return (
    <section class="stack no-print" aria-labelledby="online">
      <h2 id="online">{t('case.instead.title')}</h2>
      <p>{t('case.instead.text')}</p>
      <ul>
        {offered.map(({ code, name }) => (
          <li key={code}>
            <a href={to.apply(office.code, code)}>
              <Say of={name} t={t} />
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
