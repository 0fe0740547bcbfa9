import type { PersonAnywhere, PersonHere } from '../../../features/foundation/people/types.ts';
import type {
  Entered,
  SeenIdentifier,
} from '../../../features/foundation/staff-identifiers/types.ts';
import { Button } from '../../../ui/buttons.tsx';
import { TextInput } from '../../../ui/forms.tsx';
import { BackLink, ErrorSummary } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import { confirmFirst } from '../account/confirm.tsx';
import type { DeskVisit, SignedInVisit, StaffDeps } from '../visit.tsx';
import { personAnywhere } from './everywhere.tsx';
import { personIn } from './post.tsx';

type Deps = Pick<StaffDeps, 'people' | 'staff' | 'staffIdentifiers' | 'config'>;

/** The parts of the page that differ between oneself, an office and the installation. */
interface Place {
  /** The name of the person; null: it is the viewer. */
  name: string | null;
  back: { href: string; text: string };
  /** The page that shows the result. */
  done: string;
  seen(): Promise<SeenIdentifier | null>;
  enter(typed: string): Promise<Entered>;
}

/** `/staff/account/nif`: the viewer's own. */
export const ownNifPage = (deps: Deps) =>
  pageOf<SignedInVisit>(deps, async ({ t, session }) => ({
    name: null,
    back: { href: '/staff/account', text: t('account.back') },
    done: '/staff/account?done=nif',
    seen: () => deps.staffIdentifiers.own(session),
    enter: (typed) => deps.staffIdentifiers.enterOwn(session, typed),
  }));

/** `/console/{office}/people/{person}/nif`: that of a member of the office's staff, by its administrator. */
export const nifPage = (deps: Deps) =>
  pageOf<DeskVisit>(deps, async (visit) => {
    const { base, viewer, session } = visit;
    const person: PersonHere | null = await personIn(deps, visit);
    return (
      person && {
        name: person.name,
        back: { href: `${base}/people/${person.staff}`, text: person.name },
        done: `${base}/people?done=nif`,
        seen: () => deps.staffIdentifiers.find(viewer, person.staff),
        enter: (typed) => deps.staffIdentifiers.enter(viewer, session, person.staff, typed),
      }
    );
  });

/** `/staff/people/{person}/nif`: anybody's, by an operator. */
export const everywhereNifPage = (deps: Deps) =>
  pageOf<SignedInVisit>(deps, async (visit) => {
    const { t, session } = visit;
    const person: PersonAnywhere | null = await personAnywhere(deps, visit);
    return (
      person && {
        name: person.name,
        back: { href: '/staff/people', text: t('people.back') },
        done: '/staff/people?done=nif',
        seen: () => deps.staffIdentifiers.findAnywhere(session, person.staff),
        enter: (typed) => deps.staffIdentifiers.enterAnywhere(session, person.staff, typed),
      }
    );
  });

function pageOf<V extends SignedInVisit>(deps: Deps, placeOf: (visit: V) => Promise<Place | null>) {
  return {
    get: async (visit: V) => {
      const place = await placeOf(visit);
      const seen = await place?.seen();
      return place && seen ? show(visit, place, seen) : visit.c.notFound();
    },
    post: async (visit: V) => {
      const place = await placeOf(visit);
      const seen = await place?.seen();
      if (!place || !seen) return visit.c.notFound();
      const form = await readForm(visit.c);
      const asked = await confirmFirst(deps, visit, form);
      if (asked) return asked;
      const typed = form.text('nif');
      const entered = await place.enter(typed);
      if (entered.ok) return visit.redirect(place.done);
      if (entered.reason === 'not_found') return visit.c.notFound();
      if (entered.reason === 'stale') return visit.redirect(visit.c.req.path);
      return show(visit, place, seen, { typed, mistake: entered.reason });
    },
  };
}

function show(
  visit: SignedInVisit,
  { name, back }: Place,
  { masked, mayEnter }: SeenIdentifier,
  wrong?: { typed: string; mistake: 'invalid' | 'already' },
): Response {
  const { t } = visit;
  const error = wrong && t(`nif.wrong.${wrong.mistake}`);
  const title = name === null ? t('nif.title') : t('nif.of', { name });
  return visit.show(
    { title, ...(error && { status: 422, hasErrors: true }) },
    <>
      <BackLink href={back.href}>{back.text}</BackLink>
      <ErrorSummary
        title={t('nif.wrong.title')}
        problems={error ? [{ href: '#nif', text: error }] : []}
      />
      <h1>{title}</h1>
      <p>{t(name === null ? 'nif.text' : 'nif.ofText')}</p>
      {masked === null ? null : <p>{t('nif.now', { masked })}</p>}
      {mayEnter ? (
        <form method="post" class="form">
          <TextInput
            name="nif"
            label={t('nif.label')}
            hint={t('nif.hint')}
            error={error}
            value={wrong?.typed ?? ''}
            autocomplete="off"
            spellcheck={false}
          />
          <Button>{t('nif.submit')}</Button>
        </form>
      ) : (
        <p>{t('nif.kept')}</p>
      )}
    </>,
  );
}
