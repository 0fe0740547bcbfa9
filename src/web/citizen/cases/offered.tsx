import type { ComponentChildren } from 'preact';
import { levelOf, obstaclesTo, signingWayOf } from '../../../domain/form/online.ts';
import type { Form } from '../../../domain/form/schema.ts';
import { codesOf } from '../../../domain/office/bundle.ts';
import type { Office, Procedure } from '../../../domain/office/types.ts';
import type { PublishedForm } from '../../../features/foundation/forms/types.ts';
import { canGive } from '../../../features/foundation/identification/rules.ts';
import { amountInWords } from '../../../features/service/payments/rules.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import { Say } from '../../../ui/parts.tsx';
import type { AppointmentVisit, CitizenDeps, OfficeVisit } from '../visit.tsx';

type Deps = Pick<CitizenDeps, 'forms' | 'identification' | 'payments' | 'signatures'>;

/**
 * Returns the form of a procedure that can be finished on-line today; null: it has none, something in it can't be done on-line yet, or nobody
 * gives the level that it demands.
 */
export async function onlineForm(
  { forms, identification, payments, signatures }: Deps,
  office: Office,
  procedure: Procedure,
): Promise<PublishedForm | null> {
  const form = await forms.current(office, procedure.code);
  if (!form) return null;
  const takesPayments = form.form.fee !== undefined && (await payments.isOpen());
  const signs = signingWayOf(form.form) === null ? [] : await signatures.ways();
  if (obstaclesTo(form.form, { takesPayments, signs }).length > 0) return null;
  const level = levelOf(form.form);
  if (level === 'none') return form;
  const offered = await identification.offered();
  return offered.some((each) => canGive(each, level)) ? form : null;
}

/** Returns the forms of an office's procedures that can be finished on-line today, by the code of the procedure. */
export async function onlineForms(
  deps: Deps,
  office: Office,
): Promise<ReadonlyMap<string, PublishedForm>> {
  const found = await Promise.all(
    office.procedures.map(
      async (each) => [each.code, await onlineForm(deps, office, each)] as const,
    ),
  );
  return new Map(found.flatMap(([code, form]) => (form ? [[code, form] as const] : [])));
}

/** The fee of a form before anything is answered. `fixed`: in cents; `varies`: it depends on the answers. */
export type FormFee = { kind: 'none' } | { kind: 'fixed'; cents: number } | { kind: 'varies' };

/** Returns the fee of a form as its page tells it before it is begun. */
export function feeBefore({ fee }: Pick<Form, 'fee'>): FormFee {
  if (fee === undefined) return { kind: 'none' };
  return typeof fee === 'number'
    ? { kind: 'fixed', cents: Math.round(fee * 100) }
    : { kind: 'varies' };
}

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
  const forms = await Promise.all(booked.map((each) => onlineForm(deps, office, each)));
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
