import { SAID } from '../../../features/service/presence/types.ts';
import { readForm } from '../../form.ts';
import { type DeskVisit, localPath, type StaffDeps } from '../visit.tsx';

/** `POST …/presence`: sets the person's presence. */
export function presencePage({ presence }: StaffDeps) {
  return async (visit: DeskVisit) => {
    const form = await readForm(visit.c);
    const state = SAID.find((each) => each === form.text('state'));
    if (state) await presence.say(visit.viewer, visit.office, state);
    return visit.redirect(localPath(form.text('back')));
  };
}
