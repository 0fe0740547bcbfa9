import { DAY_VIEWS } from '../../../features/foundation/preferences/types.ts';
import { readForm } from '../../form.ts';
import { type DeskVisit, localPath, type StaffDeps } from '../visit.tsx';

/** List or time line: the person's preferences keep the choice, so it is a form and not a link. */
export function ViewChooser({ visit, back }: { visit: DeskVisit; back: string }) {
  const { t, preferences } = visit;
  return (
    <form
      method="post"
      action={`${visit.base}/view`}
      class="row small views"
      aria-label={t('shortcuts.view.title')}
    >
      <input type="hidden" name="back" value={back} />
      {DAY_VIEWS.map((each) => (
        <button
          key={each}
          type="submit"
          name="view"
          value={each}
          class="link"
          data-action={each === preferences.view ? undefined : 'view'}
          aria-pressed={each === preferences.view ? 'true' : 'false'}
        >
          {t(`shortcuts.view.${each}`)}
        </button>
      ))}
    </form>
  );
}

export function viewPage(deps: StaffDeps) {
  return async (visit: DeskVisit) => {
    const form = await readForm(visit.c);
    const view = DAY_VIEWS.find((each) => each === form.text('view'));
    if (view) await deps.preferences.chooseView(visit.session.staff, view);
    return visit.redirect(localPath(form.text('back')));
  };
}
