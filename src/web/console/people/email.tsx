import type { EmailChanged, PersonAnywhere, PersonHere } from '../../../features/people/types.ts';
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

/** What the page of one person is like, in a body or everywhere. */
interface Place {
  /** The list, where one is once it is done. */
  list: string;
  back: { href: string; text: string };
  change(email: string): Promise<EmailChanged>;
}

type Visit = Pick<DeskVisit, 't' | 'c' | 'show' | 'redirect'> & Pick<SignedInVisit, 'session'>;

/** `/console/{body}/people/{person}/email`: another address for who can't sign in yet. */
export function emailPage(deps: Deps) {
  const placeOf = ({ base, viewer }: DeskVisit, { staff, name }: PersonHere): Place => ({
    list: `${base}/people`,
    back: { href: `${base}/people/${staff}`, text: name },
    change: (email) => deps.people.changeEmail(viewer, staff, email),
  });
  return {
    get: async (visit: DeskVisit) => {
      const person = await personIn(deps, visit);
      return person ? show(visit, person, placeOf(visit, person)) : visit.c.notFound();
    },
    post: async (visit: DeskVisit) => {
      const person = await personIn(deps, visit);
      return person ? post(deps, visit, person, placeOf(visit, person)) : visit.c.notFound();
    },
  };
}

/** `/staff/people/{person}/email`: another address for anybody, by who runs the installation. */
export function everywhereEmailPage(deps: Deps) {
  const placeOf = ({ t, session }: SignedInVisit, { staff }: PersonAnywhere): Place => ({
    list: '/staff/people',
    back: { href: '/staff/people', text: t('people.back') },
    change: (email) => deps.people.changeEmailAnywhere(session, staff, email),
  });
  return {
    get: async (visit: SignedInVisit) => {
      const person = await personAnywhere(deps, visit);
      return person ? show(visit, person, placeOf(visit, person)) : visit.c.notFound();
    },
    post: async (visit: SignedInVisit) => {
      const person = await personAnywhere(deps, visit);
      return person ? post(deps, visit, person, placeOf(visit, person)) : visit.c.notFound();
    },
  };
}

async function post(
  deps: Deps,
  visit: Visit & SignedInVisit,
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
  visit: Visit,
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
