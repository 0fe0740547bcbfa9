import type {
  PersonAnywhere,
  PersonHere,
  SessionsEnded,
} from '../../../features/foundation/people/types.ts';
import { readForm } from '../../form.ts';
import { confirmFirst } from '../account/confirm.tsx';
import type { DeskVisit, SignedInVisit, StaffDeps } from '../visit.tsx';
import { personAnywhere } from './everywhere.tsx';
import { askFirst, personIn } from './post.tsx';

type Deps = Pick<StaffDeps, 'people' | 'staff' | 'config'>;

/** The parts of a person's page that differ between an office and the installation. */
interface Place {
  /** The page before this one. */
  back: string;
  /** The list, which shows the result afterwards. */
  list: string;
  end(): Promise<SessionsEnded>;
}

/**
 * `/console/{office}/people/{person}/sessions`: an administrator ends the sessions of a member of the
 * office's staff.
 */
export const signOutPage = (deps: Deps) =>
  pageOf<DeskVisit, PersonHere>(deps, personIn, ({ base, viewer, session }, { staff }) => ({
    back: `${base}/people/${staff}`,
    list: `${base}/people`,
    end: () => deps.people.signOut(viewer, staff, session),
  }));

/** `/staff/people/{person}/sessions`: an operator ends the sessions of anybody. */
export const everywhereSignOutPage = (deps: Deps) =>
  pageOf<SignedInVisit, PersonAnywhere>(deps, personAnywhere, ({ session }, { staff }) => ({
    back: '/staff/people',
    list: '/staff/people',
    end: () => deps.people.signOutAnywhere(session, staff),
  }));

function pageOf<V extends SignedInVisit, P extends PersonHere | PersonAnywhere>(
  deps: Deps,
  find: (deps: Deps, visit: V) => Promise<P | null>,
  placeOf: (visit: V, person: P) => Place,
) {
  const theirs = async (visit: V): Promise<P | null> => {
    const person = await find(deps, visit);
    return person?.state === 'ready' && person.staff !== visit.session.staff ? person : null;
  };
  return {
    get: async (visit: V) => {
      const person = await theirs(visit);
      if (!person) return visit.c.notFound();
      const { t } = visit;
      return askFirst(visit, {
        title: t('people.signOut.title', { name: person.name }),
        text: t('people.signOut.text'),
        submit: t('people.signOut.submit'),
        back: placeOf(visit, person).back,
        grave: true,
      });
    },
    post: async (visit: V) => {
      const person = await theirs(visit);
      if (!person) return visit.c.notFound();
      const asked = await confirmFirst(deps, visit, await readForm(visit.c));
      if (asked) return asked;
      const place = placeOf(visit, person);
      const ended = await place.end();
      if (ended.ok) return visit.redirect(`${place.list}?done=signedOut`);
      return ended.reason === 'stale' ? visit.redirect(visit.c.req.path) : visit.c.notFound();
    },
  };
}
