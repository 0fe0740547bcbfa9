import { lastDayOf, REASON_LENGTH } from '../../../features/service/representation/rules.ts';
import type { Decision, ToDecide } from '../../../features/service/representation/service.ts';
import type { Representation } from '../../../features/service/representation/types.ts';
import { staffIn } from '../../../lib/viewer.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import { SelectField, TextArea } from '../../../ui/forms.tsx';
import { Notice } from '../../../ui/parts.tsx';
import { type Form, readForm } from '../../form.ts';
import { proceduresIn } from '../../words/procedures.ts';
import { here, showAppointment } from '../encounter/appointment.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';

/** What is typed again after a mistake, for one authorisation. */
interface Given {
  id: string;
  field: 'document' | 'reason';
}

/**
 * `…/representation`: an official accepts or refuses the authorisations that were asked for with the documents of an appointment, or ends the one
 * by which it was booked.
 */
export function representationPage(deps: StaffDeps) {
  const show = async (visit: DeskVisit, given: Given | null = null) => {
    const { c, t, viewer, office } = visit;
    const id = c.req.param('id') ?? '';
    const found = await deps.representations.toDecide(viewer, office, id);
    if (!found) return c.notFound();
    const all = [...found.asked, ...(found.by ? [found.by] : [])];
    const ids = all.flatMap(({ settledBy }) => staffIn(settledBy ?? '') ?? []);
    const names = await deps.staff.namesOf(ids);
    const problems = given
      ? [{ href: `#${fieldOf(given)}`, text: t(`representation.desk.${given.field}.missing`) }]
      : [];
    return showAppointment(deps, visit, {
      title: t('representation.desk.title'),
      ...(given && { status: 422, problems }),
      instead: () => <Region visit={visit} found={found} names={names} given={given} />,
    });
  };
  return {
    get: (visit: DeskVisit) => show(visit),

    post: async (visit: DeskVisit) => {
      const { c, viewer, office } = visit;
      const appointment = c.req.param('id') ?? '';
      const form = await readForm(c);
      const id = form.text('which');
      const decision = decisionIn(form, id);
      const decided = await deps.representations.decide(
        viewer,
        { office, appointment, id },
        decision,
      );
      if (decided.ok) return visit.redirect(`${here(visit)}/representation`);
      switch (decided.reason) {
        case 'no_document':
          return show(visit, { id, field: 'document' });
        case 'no_reason':
          return show(visit, { id, field: 'reason' });
        default:
          // It was decided meanwhile, or isn't for this viewer to decide: the page says which.
          return show(visit);
      }
    },
  };
}

function decisionIn(form: Form, id: string): Decision {
  const done = form.text('do');
  if (done === 'accept') return { do: 'accept', document: form.text(`document-${id}`) };
  return { do: done === 'refuse' ? 'refuse' : 'end', reason: form.text(`reason-${id}`) };
}

const fieldOf = ({ id, field }: Given): string => `${field}-${id}`;

interface RegionProps {
  visit: DeskVisit;
  found: ToDecide;
  names: ReadonlyMap<number, string>;
  given: Given | null;
}

function Region(props: RegionProps) {
  const { visit, found } = props;
  const { t } = visit;
  const by = found.by && !found.asked.some(({ id }) => id === found.by?.id) ? [found.by] : [];
  const all = [...found.asked, ...by];
  const next = all.find(({ id, state }) => state === 'asked' && !found.refusals.has(id));
  return (
    <section class="region work stack" aria-labelledby="representation">
      <h2 id="representation">{t('representation.desk.title')}</h2>
      {all.length === 0 ? <p>{t('representation.desk.none')}</p> : null}
      {all.map((each) => (
        <One key={each.id} {...props} of={each} isNext={each.id === next?.id} />
      ))}
      <p class="row">
        <ButtonLink kind="quiet" href={here(visit)} id={next ? undefined : 'action'}>
          {t('desk.back')}
        </ButtonLink>
      </p>
    </section>
  );
}

interface OneProps extends RegionProps {
  of: Representation;
  /** It is the first to decide: the page's next action is its own. */
  isNext: boolean;
}

/** One authorisation: who asks to act for whom, what became of it, and what the viewer may decide. */
function One(props: OneProps) {
  const { visit, found, names, of } = props;
  const { t, office, dates } = visit;
  const { representative, represented } = of;
  const who = {
    representative: representative.name || t('representation.unknown'),
    own: representative.masked,
    represented: represented.name || t('representation.unknown'),
    other: represented.masked,
  };
  const refusal = found.refusals.get(of.id);
  const isOpen = of.state === 'asked' || of.state === 'valid';
  return (
    <article class="stack">
      <p>
        <b>
          {t(
            of.askedBy === 'representative'
              ? 'representation.desk.who'
              : 'representation.desk.gave',
            who,
          )}
        </b>
      </p>
      <p class="small">
        {t('representation.desk.procedures', {
          what: proceduresIn(office, of.procedures, t.language) ?? t('representation.all'),
        })}{' '}
        · {t(of.opens ? 'representation.opens' : 'representation.opens.not')} ·{' '}
        {t(`representation.state.${of.state}`, { day: dates.shortDay(lastDayOf(of)) })}
      </p>
      <Settled visit={visit} names={names} of={of} />
      {of.reason ? <p class="small said">{of.reason}</p> : null}
      {isOpen && refusal ? (
        <Notice kind="warn">
          <p>{t(`representation.desk.refusal.${refusal}`)}</p>
        </Notice>
      ) : null}
      {of.state === 'asked' && !refusal ? <Accept {...props} /> : null}
      {isOpen && !refusal ? <Close {...props} /> : null}
    </article>
  );
}

/** Who accepted or refused it. */
function Settled({ visit, names, of }: Pick<OneProps, 'visit' | 'names' | 'of'>) {
  const { t, dates } = visit;
  if (!of.settledAt) return null;
  if (of.askedBy === 'represented') return <p class="small">{t('representation.desk.given')}</p>;
  const name = names.get(staffIn(of.settledBy ?? '') ?? 0) ?? '';
  const key = of.state === 'refused' ? 'refused' : 'accepted';
  return (
    <p class="small">
      {t(`representation.desk.${key}`, { name, day: dates.shortDay(of.settledAt) })}
    </p>
  );
}

function Accept({ visit, found, given, of, isNext }: OneProps) {
  const { t } = visit;
  if (found.documents.length === 0)
    return (
      <Notice kind="warn">
        <p>{t('representation.desk.noDocument')}</p>
      </Notice>
    );
  const isWrong = given?.id === of.id && given.field === 'document';
  return (
    <form method="post" action={`${here(visit)}/representation`} class="form">
      <p>{t('representation.desk.text')}</p>
      <input type="hidden" name="which" value={of.id} />
      <SelectField
        name={`document-${of.id}`}
        label={t('representation.desk.document')}
        error={isWrong ? t('representation.desk.document.missing') : undefined}
      >
        <option value="">{t('representation.desk.choose')}</option>
        {found.documents.map((each) => (
          <option key={each.id} value={each.id}>
            {each.name ?? each.id.slice(0, 8)}
          </option>
        ))}
      </SelectField>
      <p class="row">
        <button
          type="submit"
          class="button"
          id={isNext ? 'action' : undefined}
          name="do"
          value="accept"
        >
          {t('representation.desk.accept')}
        </button>
      </p>
    </form>
  );
}

/** Refuses one that waits, or ends one that is valid, with a reason. */
function Close({ visit, found, given, of, isNext }: OneProps) {
  const { t } = visit;
  const isOnly = isNext && found.documents.length === 0;
  const isAsked = of.state === 'asked';
  const isWrong = given?.id === of.id && given.field === 'reason';
  return (
    <form method="post" action={`${here(visit)}/representation`} class="form">
      <input type="hidden" name="which" value={of.id} />
      <TextArea
        name={`reason-${of.id}`}
        label={t(isAsked ? 'representation.desk.reason' : 'representation.desk.reason.end')}
        error={isWrong ? t('representation.desk.reason.missing') : undefined}
        maxLength={REASON_LENGTH}
      />
      <p class="row">
        <button
          type="submit"
          class="button quiet"
          id={isOnly ? 'action' : undefined}
          name="do"
          value={isAsked ? 'refuse' : 'end'}
        >
          {t(isAsked ? 'representation.desk.refuse' : 'representation.desk.end')}
        </button>
      </p>
    </form>
  );
}
