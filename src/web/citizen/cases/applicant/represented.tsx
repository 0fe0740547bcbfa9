import type { Case } from '../../../../features/service/cases/types.ts';
import { Button } from '../../../../ui/buttons.tsx';
import { problem } from '../../problem.tsx';
import type { CitizenDeps, OfficeVisit } from '../../visit.tsx';
import { personOf } from '../../visit.tsx';

/** Returns the name of the person for whom somebody acts in a case, by the authorisation with which it was begun; null: they do not. */
export const representedIn = (
  { acting, session }: Pick<OfficeVisit, 'acting' | 'session'>,
  { representation: by, person }: Pick<Case, 'representation' | 'person'>,
): string | null =>
  acting?.isValid && acting.id === by?.id && session?.person !== person ? acting.name : null;

/** Returns whether somebody identified with the certificate of the organisation for which a case was begun. */
export const actsForIt = (session: OfficeVisit['session'], by: Case['representation']): boolean =>
  by !== null && by.organisation === (session?.represents?.identifier ?? '');

/**
 * What whoever began a case for somebody else finds at its link, while they don't act for them: the button with which they do, or that the
 * authorisation is over. Nothing of it is lost: it is the represented person's. Null: the case is not one that they began so.
 */
export async function representedPage(
  deps: Pick<CitizenDeps, 'representations'>,
  visit: OfficeVisit,
  { representation: by, person }: Pick<Case, 'representation' | 'person'>,
  here: string,
): Promise<Response | null> {
  const { t, to, session } = visit;
  if (!session || !by) return null;
  if (by.organisation !== null)
    return actsForIt(session, by) ? null : problem(visit, 'other_organisation');
  if (person === session.person || by.representative !== session.person) return null;
  const acting = by.id ? await deps.representations.acting(personOf(session), by.id) : null;
  if (!by.isAccepted || !acting?.isValid) return problem(visit, 'represented_over');
  const name = acting.name || t('representation.somebody');
  const title = t('case.represented.title', { name });
  return visit.show(
    { title, status: 403, isPersonal: true },
    <>
      <h1>{title}</h1>
      <p class="lead">{t('case.represented.text', { name })}</p>
      <form class="form" action={to.folder('representations')} method="post">
        <input type="hidden" name="which" value={acting.id} />
        <input type="hidden" name="back" value={here} />
        <Button name="do" value="act">
          {t('representation.act', { name })}
        </Button>
      </form>
    </>,
  );
}
