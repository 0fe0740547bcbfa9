import type {
  EmailChanged,
  PersonAnywhere,
  PersonHere,
} from '../../../features/foundation/people/types.ts';
import { Button } from '../../../ui/buttons.tsx';
import { TextInput } from '../../../ui/forms.tsx';
import { BackLink, ErrorSummary } from '../../../ui/parts.tsx';
import { type Form, readForm } from '../../form.ts';
import { confirmFirst } from '../account/confirm.tsx';
import type { DeskVisit, SignedInVisit, StaffDeps } from '../visit.tsx';
import { personAnywhere } from './everywhere.tsx';
import { personIn } from './post.tsx';

type Deps = Pick<StaffDeps, 'people' | 'staff' | 'config'>;
type Person = PersonHere | PersonAnywhere;
type Mistake = Extract<EmailChanged, { reason: 'invalid' }>['mistake'];

/** The parts of a person's page that differ between an office and the installation. */
interface Place {
  /** The list, which follows the action. */
  list: string;
  back: { href: string; text: string };
  change(email: string): Promise<EmailChanged>;
}

/** `/console/{office}/people/{person}/email`: another address for a person who can't sign in yet. */
export const emailPage = (deps: Deps) =>
  pageOf<DeskVisit, PersonHere>(deps, personIn, ({ base, viewer }, { staff, name }) => ({
    list: `${base}/people`,
    back: { href: `${base}/people/${staff}`, text: name },
    change: (email) => deps.people.changeEmail(viewer, staff, email),
  }));

/** `/staff/people/{person}/email`: another address for anybody, set by an operator. */
export const everywhereEmailPage = (deps: Deps) =>
  pageOf<SignedInVisit, PersonAnywhere>(deps, personAnywhere, ({ t, session }, { staff }) => ({
    list: '/staff/people',
    back: { href: '/staff/people', text: t('people.back') },
    change: (email) => deps.people.changeEmailAnywhere(session, staff, email),
  }));

function pageOf<V extends SignedInVisit, P extends Person>(
  deps: Deps,
  find: (deps: Deps, visit: V) => Promise<P | null>,
  placeOf: (visit: V, person: P) => Place,
) {
  const on = (answer: typeof get) => async (visit: V) => {
    const person = await find(deps, visit);
    return person ? answer(deps, visit, person, placeOf(visit, person)) : visit.c.notFound();
  };
  return { get: on(get), post: on(post) };
}

const get = async (_: Deps, visit: SignedInVisit, person: Person, place: Place) =>
  show(visit, person, place);

async function post(
  deps: Deps,
  visit: SignedInVisit,
  person: Person,
  place: Place,
): Promise<Response> {
  const form: Form = await readForm(visit.c);
  const asked = await confirmFirst(deps, visit, form);
  if (asked) return asked;
  const email = form.text('email');
  const changed = await place.change(email);
  if (changed.ok) return visit.redirect(`${place.list}?done=email`);
  if (changed.reason === 'not_found') return visit.c.notFound();
  return show(visit, person, place, { email, mistake: changed.mistake });
}

function show(
  visit: SignedInVisit,
  person: Person,
  { back }: Place,
  wrong?: { email: string; mistake: Mistake },
): Response {
  const { t } = visit;
  const error = wrong && t(`people.wrong.email.${wrong.mistake}`);
  const title = t('people.email.title', { name: person.name });
  return visit.show(
    { title, ...(error && { status: 422, hasErrors: true }) },
    <>
      <BackLink href={back.href}>{back.text}</BackLink>
      <ErrorSummary
        title={t('people.wrong.title')}
        problems={error ? [{ href: '#email', text: error }] : []}
      />
      <h1>{title}</h1>
      <p>{t(person.state === 'ready' ? 'people.email.ready' : 'people.email.invited')}</p>
      <form method="post" class="form">
        <TextInput
          name="email"
          type="email"
          label={t('people.invite.email')}
          error={error}
          value={wrong?.email ?? person.email}
          autocomplete="off"
          spellcheck={false}
        />
        <Button>{t('people.assign.submit')}</Button>
      </form>
    </>,
  );
}
