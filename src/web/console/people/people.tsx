import { grantsControl, mayManagePeople } from '../../../features/foundation/people/rules.ts';
import type {
  InvitationDraft,
  InvitationMistakes,
  PersonHere,
} from '../../../features/foundation/people/types.ts';
import { Button } from '../../../ui/buttons.tsx';
import { ErrorSummary, Notice } from '../../../ui/parts.tsx';
import { type Form, readForm } from '../../form.ts';
import { confirmFirst } from '../account/confirm.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { DeskField, PeopleTable, postIn, problemsOf, RoleField, WhoFields } from './words.tsx';

/** The typed values, and their mistakes. */
interface Typed {
  draft: InvitationDraft;
  mistakes: InvitationMistakes;
  already: boolean;
}

const FRESH: Typed = {
  draft: { email: '', name: '', role: 'agent', desk: '' },
  mistakes: {},
  already: false,
};

const DONE = [
  'invited',
  'again',
  'email',
  'nif',
  'assigned',
  'ended',
  'retired',
  'signedOut',
] as const;

/** A status message about the action of the previous page. */
export function Done({ visit }: { visit: Pick<DeskVisit, 't' | 'c'> }) {
  const done = DONE.find((each) => each === visit.c.req.query('done'));
  if (!done) return null;
  return (
    <div role="status">
      <Notice kind="good">{visit.t(`people.done.${done}`)}</Notice>
    </div>
  );
}

export const draftIn = (form: Form): InvitationDraft => ({
  email: form.text('email'),
  name: form.text('name'),
  role: form.text('role'),
  desk: form.text('desk'),
});

/**
 * `/console/{office}/people`: the staff of this office, and the invitation of another person by its
 * administrator.
 */
export function peoplePage(deps: Pick<StaffDeps, 'people' | 'staff' | 'config'>) {
  const page = async (visit: DeskVisit, typed: Typed) => {
    const list = await deps.people.list(visit.viewer);
    return list ? show(visit, list, typed, deps.people.sendsMail) : visit.c.notFound();
  };
  return {
    get: (visit: DeskVisit) => page(visit, FRESH),
    post: async (visit: DeskVisit) => {
      if (!mayManagePeople(visit.viewer)) return visit.c.notFound();
      const form = await readForm(visit.c);
      const draft = draftIn(form);
      const asked = grantsControl(draft.role) && (await confirmFirst(deps, visit, form));
      if (asked) return asked;
      const invited = await deps.people.invite(visit.viewer, draft);
      if (invited.ok) return visit.redirect(`${visit.base}/people?done=invited`);
      if (invited.reason === 'not_found') return visit.c.notFound();
      const mistakes = invited.reason === 'invalid' ? invited.mistakes : {};
      return page(visit, { draft, mistakes, already: invited.reason === 'already' });
    },
  };
}

function show(
  visit: DeskVisit,
  list: readonly PersonHere[],
  typed: Typed,
  sendsMail: boolean,
): Response {
  const { t, viewer } = visit;
  const title = t('people.title');
  const already = typed.already ? t('people.wrong.already') : null;
  const problems = [
    ...problemsOf(t, typed.mistakes),
    ...(already ? [{ href: '#email', text: already }] : []),
  ];
  const refused = problems.length > 0;
  const manages = mayManagePeople(viewer);
  return visit.show(
    { title, layout: 'column', ...(refused && { status: 422, hasErrors: true }) },
    <>
      <ErrorSummary title={t('people.wrong.title')} problems={problems} />
      <h1>{title}</h1>
      <p class="lead">{t('people.lead')}</p>
      <Done visit={visit} />
      {manages && !sendsMail ? <Notice kind="warn">{t('people.noMail')}</Notice> : null}
      <List visit={visit} list={list} manages={manages} />
      {manages ? <InviteForm visit={visit} typed={typed} /> : null}
    </>,
  );
}

function List(props: { visit: DeskVisit; list: readonly PersonHere[]; manages: boolean }) {
  const { visit, list, manages } = props;
  const { t, dates, viewer, office, base } = visit;
  const deskOf = (id: number | null) => (id === null ? null : (office.desk(id)?.name ?? null));
  const change = (each: PersonHere) => (
    <a class="act" href={`${base}/people/${each.staff}`}>
      {t('people.change')}
      <span class="hide">: {each.name}</span>
    </a>
  );
  return (
    <PeopleTable
      t={t}
      dates={dates}
      list={list}
      you={viewer.staff}
      post={({ post }) => postIn(t, post.role, deskOf(post.desk))}
      act={manages ? change : undefined}
    />
  );
}

function InviteForm({ visit, typed }: { visit: DeskVisit; typed: Typed }) {
  const { t, base, office } = visit;
  const { draft, mistakes } = typed;
  return (
    <form method="post" action={`${base}/people`} class="form" aria-labelledby="invite">
      <h2 id="invite">{t('people.invite.title')}</h2>
      <WhoFields t={t} draft={draft} mistakes={mistakes} />
      <RoleField
        t={t}
        value={draft.role}
        error={mistakes.role && t(`people.wrong.role.${mistakes.role}`)}
      />
      <DeskField
        t={t}
        desks={office.desks}
        value={draft.desk}
        error={mistakes.desk && t(`people.wrong.desk.${mistakes.desk}`)}
      />
      <Button>{t('people.invite.submit')}</Button>
    </form>
  );
}
