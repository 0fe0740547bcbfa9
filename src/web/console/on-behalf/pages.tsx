import { applyForm } from '../../../domain/form/applied.ts';
import {
  type ActField,
  type ActMistakes,
  type AskedAct,
  LONGEST_NAME,
  type PrepareActResult,
  SHOWN_DOCUMENTS,
} from '../../../features/service/cases/service.ts';
import { DRAFT } from '../../../features/service/cases/types.ts';
import { isIdentified } from '../../../features/service/consent/rules.ts';
import type { IdentityCheck } from '../../../features/service/encounter/types.ts';
import { isLanguage } from '../../../lib/i18n/languages.ts';
import { ErrorSummary, type ProblemLink } from '../../../ui/parts.tsx';
import { type Filling, readFilling } from '../../citizen/cases/filling.ts';
import { Summary } from '../../citizen/cases/summary.tsx';
import { readForm } from '../../form.ts';
import { CHECKS } from '../contact/proof.tsx';
import { draftOf, kept } from '../encounter/draft.ts';
import { type AssistedVisit, assistedVisit, formAt } from '../filling/visit.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { AskForm, BackToForm, type Typed } from './form.tsx';

/** A form that an official may hand in for the citizen of an encounter, with the acts by which they can. */
export interface OnBehalf {
  filling: Filling<AssistedVisit>;
  acts: NonNullable<Awaited<ReturnType<StaffDeps['casesByAct']['actsOf']>>>;
}

/** `…/on-behalf/{id}`: what an official enters to hand in a form for the citizen, who is then asked to consent. */
export function onBehalfPage(deps: StaffDeps) {
  const whileOpen =
    (handle: (of: OnBehalf) => Response | Promise<Response>) =>
    async (desk: DeskVisit): Promise<Response> => {
      const { viewer, office, c } = desk;
      const id = c.req.param('id') ?? '';
      const visit = await assistedVisit(deps, desk);
      if (!visit) return c.notFound();
      if (visit.found.state !== DRAFT) return desk.redirect(`${desk.base}/cases/${id}`);
      const filling = visit.encounter.isUnderway ? await readFilling(deps, visit) : null;
      const acts = filling && (await deps.casesByAct.actsOf(viewer, office, id));
      return filling && acts ? handle({ filling, acts }) : desk.redirect(formAt(desk, id));
    };
  return {
    get: whileOpen((of) => show(of)),
    post: whileOpen((of) => ask(deps, of)),
  };
}

async function ask(deps: StaffDeps, of: OnBehalf): Promise<Response> {
  const { desk, viewer, office, found } = of.filling.visit;
  const form = await readForm(desk.c);
  const language = form.text('language');
  const asked: AskedAct = {
    seen: Number(form.text('seen') || NaN),
    template: form.text('template'),
    language: isLanguage(language) ? language : found.language,
    name: form.line('name'),
    nif: form.line('nif'),
    document: SHOWN_DOCUMENTS.find((each) => each === form.text('document')) ?? 'nif',
    country: form.text('country'),
    declared: form.all('declared'),
    mayBeAttended: form.has('mayBeAttended'),
  };
  const check = CHECKS.find((each) => each === form.text('identity'));
  const noted = check ? await noteCheck(deps, of, check) : of;
  const done = await deps.casesByAct.prepareAct(viewer, office, found.id, asked);
  if (done.ok)
    return desk.redirect(`${desk.base}/appointment/${done.appointment}/acts/${done.act}#acts`);
  if (done.reason === 'not_found') return desk.c.notFound();
  if (done.reason === 'handed_in') return desk.redirect(`${desk.base}/cases/${found.id}`);
  return show(noted, { typed: asked, refused: done });
}

/** Notes in the encounter how the citizen was identified, where it says nothing yet, as its own page does. */
async function noteCheck(deps: StaffDeps, of: OnBehalf, check: IdentityCheck): Promise<OnBehalf> {
  const { desk, viewer, office, found } = of.filling.visit;
  const { appointment } = of.acts;
  const dossier = await deps.encounter.open(viewer, office, appointment);
  if (!dossier || isIdentified(dossier.encounter?.identity ?? null)) return of;
  const draft = draftOf(desk, dossier);
  const said = { ...kept(draft), identity: check };
  await deps.encounter.save(viewer, office, { appointment }, draft.version, said);
  const acts = await deps.casesByAct.actsOf(viewer, office, found.id);
  return acts ? { ...of, acts } : of;
}

type Refused = Exclude<PrepareActResult, { ok: true } | { reason: 'not_found' | 'handed_in' }>;

const FIELDS: readonly ActField[] = [
  'template',
  'language',
  'name',
  'nif',
  'country',
  'declared',
  'mayBeAttended',
];

function problemsOf({ acts, filling }: OnBehalf, refused: Refused | undefined): ProblemLink[] {
  if (!refused) return [];
  const { t } = filling.visit;
  const isUnknown = acts.options.ineligibility === 'not_identified';
  const identity = isUnknown ? [{ href: '#identity', text: t('onBehalf.wrong.identity') }] : [];
  if (refused.reason === 'not_identified') return identity;
  if (refused.reason !== 'invalid') return [{ href: '#ask', text: refusalText(t, refused) }];
  const fields = FIELDS.flatMap((field) => {
    const text = mistakeText(t, field, refused.mistakes);
    return text ? [{ href: `#${field}`, text }] : [];
  });
  return [...identity, ...fields];
}

function mistakeText(t: DeskVisit['t'], field: ActField, mistakes: ActMistakes): string | null {
  const mistake = mistakes[field];
  if (!mistake) return null;
  switch (field) {
    case 'name':
      return mistake === 'too_long'
        ? t('onBehalf.wrong.name.too_long', { max: LONGEST_NAME })
        : t('onBehalf.wrong.name.missing');
    case 'nif':
      return t(
        `onBehalf.wrong.nif.${mistake === 'too_long' || mistake === 'spanish' ? ('not_known' as const) : mistake}`,
      );
    case 'country':
      return t(`onBehalf.wrong.country.${mistake === 'spanish' ? mistake : ('missing' as const)}`);
    case 'declared':
      return t('onBehalf.wrong.declared.missing');
    default:
      return t(`acts.wrong.${field}`);
  }
}

function refusalText(t: DeskVisit['t'], refused: Exclude<Refused, { reason: 'invalid' }>): string {
  switch (refused.reason) {
    case 'none':
    case 'not_open':
    case 'not_habilitated':
    case 'not_identified':
      return t(`acts.ineligibility.${refused.reason}`);
    case 'checking':
      return t('onBehalf.refused.checking', { name: refused.name });
    default:
      return t(`onBehalf.refused.${refused.reason}`);
  }
}

function show(of: OnBehalf, again: { typed?: Typed; refused?: Refused } = {}): Response {
  const { visit, form, answers, context, hands } = of.filling;
  const { desk, t, found } = visit;
  const problems = problemsOf(of, again.refused);
  const status = again.refused && (again.refused.reason === 'invalid' ? 422 : 409);
  const { declarations } = applyForm(form, answers, context);
  const title = t('onBehalf.title');
  return desk.show(
    { title, ...(status && { status }), hasErrors: problems.length > 0 },
    <div class="filling stack">
      <BackToForm desk={desk} id={found.id} />
      <ErrorSummary title={t('staff.error.title')} problems={problems} />
      <h1>{title}</h1>
      <AskForm of={of} typed={again.typed} problems={problems} declarations={declarations} />
      <section class="stack" aria-labelledby="answers">
        <h2 id="answers">{t('onBehalf.answers')}</h2>
        <p>{t('onBehalf.read')}</p>
        <Summary
          form={{ ...form, declarations: [] }}
          answers={answers}
          context={context}
          t={t}
          headings={3}
          hands={hands}
        />
      </section>
    </div>,
  );
}
