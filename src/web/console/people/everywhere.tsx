import type { Office } from '../../../domain/office/types.ts';
import { grantsControl } from '../../../features/foundation/people/rules.ts';
import type {
  InvitationDraft,
  InvitationMistakes,
  PersonAnywhere,
} from '../../../features/foundation/people/types.ts';
import { type Dates, datesIn } from '../../../lib/i18n/dates.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { Button } from '../../../ui/buttons.tsx';
import { ErrorSummary, Notice } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import { confirmFirst } from '../account/confirm.tsx';
import { Select } from '../fields.tsx';
import type { SignedInVisit, StaffDeps } from '../visit.tsx';
import { Done, draftIn } from './people.tsx';
import { askFirst } from './post.tsx';
import { PeopleTable, problemsOf, RoleField, WhoFields } from './words.tsx';

type Deps = Pick<StaffDeps, 'people' | 'offices' | 'staff' | 'config'>;

interface Typed {
  draft: InvitationDraft;
  office: string;
  mistakes: InvitationMistakes & { office?: 'not_known' };
  already: boolean;
}

const FRESH: Typed = {
  draft: { email: '', name: '', role: 'agent', desk: '' },
  office: '',
  mistakes: {},
  already: false,
};

/** `/staff/people`: all staff of all offices, for operators. */
export function everywherePage(deps: Deps) {
  const page = async (visit: SignedInVisit, typed: Typed) => {
    const list = await deps.people.everybody(visit.session);
    if (!list) return visit.c.notFound();
    const { timeZone } = await deps.offices.town();
    const dates = datesIn(visit.t.language, timeZone);
    const { sendsMail } = deps.people;
    return show(visit, { list, offices: await deps.offices.list(), dates, sendsMail, typed });
  };
  return {
    get: (visit: SignedInVisit) => page(visit, FRESH),
    post: async (visit: SignedInVisit) => {
      if (!visit.session.operator) return visit.c.notFound();
      const form = await readForm(visit.c);
      const draft = { ...draftIn(form), desk: '' };
      const asked = grantsControl(draft.role) && (await confirmFirst(deps, visit, form));
      if (asked) return asked;
      const office = form.text('office');
      const invited = await deps.people.inviteTo(visit.session, office, draft);
      if (invited.ok) return visit.redirect('/staff/people?done=invited');
      const mistakes: Typed['mistakes'] =
        invited.reason === 'invalid'
          ? invited.mistakes
          : invited.reason === 'not_found'
            ? { office: 'not_known' }
            : {};
      return page(visit, { draft, office, mistakes, already: invited.reason === 'already' });
    },
  };
}

interface Shown {
  list: readonly PersonAnywhere[];
  offices: readonly Office[];
  dates: Dates;
  sendsMail: boolean;
  typed: Typed;
}

function show(visit: SignedInVisit, shown: Shown): Response {
  const { t } = visit;
  const { sendsMail, typed } = shown;
  const title = t('people.everywhere.title');
  const { office } = typed.mistakes;
  const problems = [
    ...problemsOf(t, typed.mistakes),
    ...(office ? [{ href: '#office', text: t(`people.wrong.office.${office}`) }] : []),
    ...(typed.already ? [{ href: '#email', text: t('people.wrong.already') }] : []),
  ];
  const refused = problems.length > 0;
  return visit.show(
    { title, ...(refused && { status: 422, hasErrors: true }) },
    <>
      <ErrorSummary title={t('people.wrong.title')} problems={problems} />
      <h1>{title}</h1>
      <p class="lead">{t('people.everywhere.lead')}</p>
      <Done visit={visit} />
      {sendsMail ? null : <Notice kind="warn">{t('people.noMail')}</Notice>}
      <List visit={visit} {...shown} />
      <InviteForm visit={visit} {...shown} />
    </>,
  );
}

function List({ visit, list, offices, dates }: { visit: SignedInVisit } & Shown) {
  const { t, session } = visit;
  const nameOf = (code: string) =>
    textIn(offices.find((each) => each.code === code)?.name, t.language) || code;
  const posts = ({ posts, operator }: PersonAnywhere) => (
    <ul class="unmarked">
      {operator ? <li>{t('people.everywhere.operator')}</li> : null}
      {posts.map((post) => (
        <li key={post.office}>
          {nameOf(post.office)}: {t(`people.post.${post.role}`)}
        </li>
      ))}
      {!operator && posts.length === 0 ? (
        <li class="soft">{t('people.everywhere.nothing')}</li>
      ) : null}
    </ul>
  );
  const acts = (each: PersonAnywhere) =>
    each.state === 'retired' ? null : (
      <ul class="unmarked acts">
        <li>
          <a class="act" href={`/staff/people/${each.staff}/again`}>
            {t('people.again.short')}
            <span class="hide">: {each.name}</span>
          </a>
        </li>
        <li>
          <a class="act" href={`/staff/people/${each.staff}/email`}>
            {t('people.email.link')}
            <span class="hide">: {each.name}</span>
          </a>
        </li>
        <li>
          <a class="act" href={`/staff/people/${each.staff}/nif`}>
            {t('nif.title')}
            <span class="hide">: {each.name}</span>
          </a>
        </li>
        {each.state === 'ready' && each.staff !== session.staff ? (
          <li>
            <a class="act" href={`/staff/people/${each.staff}/sessions`}>
              {t('people.signOut.short')}
              <span class="hide">: {each.name}</span>
            </a>
          </li>
        ) : null}
        {each.staff === session.staff ? null : (
          <li>
            <a class="act" href={`/staff/people/${each.staff}/retire`}>
              {t('people.retire.link')}
              <span class="hide">: {each.name}</span>
            </a>
          </li>
        )}
      </ul>
    );
  return (
    <PeopleTable t={t} dates={dates} list={list} you={session.staff} post={posts} act={acts} />
  );
}

function InviteForm({ visit, offices, typed }: { visit: SignedInVisit } & Shown) {
  const { t } = visit;
  const { draft, mistakes, office } = typed;
  return (
    <form method="post" action="/staff/people" class="form" aria-labelledby="invite">
      <h2 id="invite">{t('people.invite.title')}</h2>
      <WhoFields t={t} draft={draft} mistakes={mistakes} />
      <Select
        name="office"
        label={t('people.invite.office')}
        value={office}
        empty={t('people.invite.choose')}
        error={mistakes.office && t(`people.wrong.office.${mistakes.office}`)}
        options={offices.map((each) => ({
          value: each.code,
          label: textIn(each.name, t.language),
        }))}
      />
      <RoleField
        t={t}
        value={draft.role}
        error={mistakes.role && t(`people.wrong.role.${mistakes.role}`)}
      />
      <Button>{t('people.invite.submit')}</Button>
    </form>
  );
}

/** Returns the person of an address, unless retired, as an operator sees them; null: there is none. */
export async function personAnywhere(
  deps: Pick<StaffDeps, 'people'>,
  { c, session }: SignedInVisit,
): Promise<PersonAnywhere | null> {
  const id = Number(c.req.param('person'));
  const all = (await deps.people.everybody(session)) ?? [];
  return all.find((each) => each.staff === id && each.state !== 'retired') ?? null;
}

/** `/staff/people/{person}/again` and `/retire`: a confirmation, then the action. */
export function everywhereActs(deps: Deps) {
  const personIn = (visit: SignedInVisit) => personAnywhere(deps, visit);
  const back = '/staff/people';
  return {
    again: async (visit: SignedInVisit) => {
      const { t } = visit;
      const person = await personIn(visit);
      if (!person) return visit.c.notFound();
      const title = t('people.again.title', { name: person.name });
      const submit = t('people.invite.submit');
      return askFirst(visit, { title, text: t('people.again.text'), submit, back });
    },
    doAgain: async (visit: SignedInVisit) => {
      const person = await personIn(visit);
      const done = person && (await deps.people.inviteAnew(visit.session, person.staff));
      return done ? visit.redirect(`${back}?done=again`) : visit.c.notFound();
    },
    retire: async (visit: SignedInVisit) => {
      const { t, session } = visit;
      const person = await personIn(visit);
      if (!person || person.staff === session.staff) return visit.c.notFound();
      const title = t('people.retire.title', { name: person.name });
      const submit = t('people.retire.submit');
      return askFirst(visit, { title, text: t('people.retire.text'), submit, back, grave: true });
    },
    doRetire: async (visit: SignedInVisit) => {
      const person = await personIn(visit);
      const done = person && (await deps.people.retire(visit.session, person.staff));
      return done ? visit.redirect(`${back}?done=retired`) : visit.c.notFound();
    },
  };
}
