import { isRole } from '../../../domain/roles.ts';
import {
  deskIn,
  grantsControl,
  managesPeople,
  mayManagePeople,
  postKey,
} from '../../../features/foundation/people/rules.ts';
import type { PersonHere, Posted } from '../../../features/foundation/people/types.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { Button, ButtonLink } from '../../../ui/buttons.tsx';
import { BackLink, ErrorSummary } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import { confirmFirst } from '../account/confirm.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { DeskField, PersonStateTag, RoleField } from './words.tsx';

type Deps = Pick<StaffDeps, 'people' | 'staff' | 'config'>;

/** Returns the person of an address, as the administrator of this office sees them; null: there is none. */
export const personIn = (
  deps: Pick<StaffDeps, 'people'>,
  visit: DeskVisit,
): Promise<PersonHere | null> => {
  const id = visit.c.req.param('person') ?? '';
  return /^\d{1,9}$/.test(id) && mayManagePeople(visit.viewer)
    ? deps.people.find(visit.viewer, Number(id))
    : Promise.resolve(null);
};

/** The reason for an unchanged role, in words; null where the page doesn't exist. */
type Refusal = Exclude<Extract<Posted, { ok: false }>['reason'], 'not_found'>;

const wordsOf = (visit: DeskVisit, refusal: Refusal): string =>
  visit.t(refusal === 'not_known' ? 'people.wrong.desk.not_known' : `people.wrong.${refusal}`);

/** `/console/{office}/people/{person}`: a person's role here. */
export function postPage(deps: Deps) {
  return {
    get: async (visit: DeskVisit) => {
      const person = await personIn(deps, visit);
      return person ? showPost(visit, person) : visit.c.notFound();
    },
    post: async (visit: DeskVisit) => {
      const person = await personIn(deps, visit);
      if (!person) return visit.c.notFound();
      const form = await readForm(visit.c);
      const role = form.text('role');
      const desk = form.text('desk');
      if (!isRole(role)) return showPost(visit, person);
      const isPromoted = grantsControl(role) && !managesPeople(person.post);
      const asked = isPromoted && (await confirmFirst(deps, visit, form));
      if (asked) return asked;
      const post = { role, desk: deskIn(desk) };
      const posted = await deps.people.assign(visit.viewer, person.staff, post, form.text('was'));
      if (posted.ok) return visit.redirect(`${visit.base}/people?done=assigned`);
      if (posted.reason === 'not_found') return visit.c.notFound();
      return showPost(visit, person, posted.reason);
    },
  };
}

function showPost(visit: DeskVisit, person: PersonHere, refusal?: Refusal): Response {
  const { t, base, office, dates } = visit;
  const here = `${base}/people/${person.staff}`;
  const { role, desk } = person.post;
  const problems = refusal ? [{ href: '#role', text: wordsOf(visit, refusal) }] : [];
  return visit.show(
    { title: person.name, ...(refusal && { status: 409, hasErrors: true }) },
    <>
      <BackLink href={`${base}/people`}>{t('people.back')}</BackLink>
      <ErrorSummary title={t('people.wrong.title')} problems={problems} />
      <h1>{person.name}</h1>
      <p class="address">{person.email}</p>
      <div>
        <PersonStateTag t={t} dates={dates} person={person} />
      </div>
      <form method="post" action={here} class="form">
        <input type="hidden" name="was" value={postKey(person.post)} />
        <RoleField t={t} value={role} />
        <DeskField t={t} desks={office.desks} value={desk === null ? '' : String(desk)} />
        <Button>{t('people.assign.submit')}</Button>
      </form>
      <ul class="ways unmarked">
        {person.state === 'retired' || person.state === 'ready' ? null : (
          <li>
            <a href={`${here}/email`}>{t('people.email.link')}</a>
          </li>
        )}
        {person.state === 'retired' ? null : (
          <li>
            <a href={`${here}/nif`}>{t('nif.title')}</a>
          </li>
        )}
        {person.state === 'retired' ? null : (
          <li>
            <a href={`${here}/again`}>{t('people.again.link')}</a>
          </li>
        )}
        {person.state === 'ready' && person.staff !== visit.viewer.staff ? (
          <li>
            <a href={`${here}/sessions`}>{t('people.signOut.link')}</a>
          </li>
        ) : null}
        <li>
          <a href={`${here}/end`}>{t('people.end.link')}</a>
        </li>
      </ul>
    </>,
  );
}

/** Shows a confirmation before an action on a person. */
export function askFirst(
  visit: Pick<DeskVisit, 't' | 'show'>,
  asked: {
    title: string;
    text: string;
    submit: string;
    back: string;
    grave?: boolean;
    problem?: string | undefined;
  },
): Response {
  const { t } = visit;
  const { title, text, submit, back, grave, problem } = asked;
  return visit.show(
    { title, ...(problem && { status: 409, hasErrors: true }) },
    <>
      <ErrorSummary
        title={t('people.wrong.title')}
        problems={problem ? [{ href: back, text: problem }] : []}
      />
      <h1>{title}</h1>
      <p>{text}</p>
      <form method="post" class="row">
        <Button kind={grave ? 'grave' : 'main'}>{submit}</Button>
        <ButtonLink kind="quiet" href={back}>
          {t('people.end.back')}
        </ButtonLink>
      </form>
    </>,
  );
}

/** `…/{person}/again`: a new invitation. */
export function againPage(deps: Deps) {
  return {
    get: async (visit: DeskVisit) => {
      const person = await personIn(deps, visit);
      if (!person || person.state === 'retired') return visit.c.notFound();
      const { t, base } = visit;
      return askFirst(visit, {
        title: t('people.again.title', { name: person.name }),
        text: t('people.again.text'),
        submit: t('people.invite.submit'),
        back: `${base}/people/${person.staff}`,
      });
    },
    post: async (visit: DeskVisit) => {
      const person = await personIn(deps, visit);
      const done = person && (await deps.people.inviteAgain(visit.viewer, person.staff));
      return done ? visit.redirect(`${visit.base}/people?done=again`) : visit.c.notFound();
    },
  };
}

/** `…/{person}/end`: ends a person's role in this office. */
export function endPage(deps: Deps) {
  const ask = (visit: DeskVisit, person: PersonHere, refusal?: Refusal) => {
    const { t, base, office } = visit;
    return askFirst(visit, {
      title: t('people.end.title', { name: person.name }),
      text: t('people.end.text', { office: textIn(office.name, t.language) }),
      submit: t('people.end.submit'),
      back: `${base}/people/${person.staff}`,
      grave: true,
      problem: refusal && wordsOf(visit, refusal),
    });
  };
  return {
    get: async (visit: DeskVisit) => {
      const person = await personIn(deps, visit);
      return person ? ask(visit, person) : visit.c.notFound();
    },
    post: async (visit: DeskVisit) => {
      const person = await personIn(deps, visit);
      if (!person) return visit.c.notFound();
      const ended = await deps.people.end(visit.viewer, person.staff);
      if (ended.ok) {
        const isYou = person.staff === visit.viewer.staff;
        return visit.redirect(isYou ? '/console' : `${visit.base}/people?done=ended`);
      }
      return ended.reason === 'not_found' ? visit.c.notFound() : ask(visit, person, ended.reason);
    },
  };
}
