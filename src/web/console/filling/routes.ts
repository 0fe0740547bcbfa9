import { get, post, type Route } from '../../routes.ts';
import { type StaffDeps, staffVisits } from '../visit.tsx';
import { askToConfirm, assistedOverview, assistedPage, beginForm, sendHome } from './pages.tsx';
import { assistedStream } from './stream.ts';

const FORM = '/console/:office/form/:id';

/** The forms that officials help to fill in while they serve somebody. */
export function fillingRoutes(deps: StaffDeps): Route[] {
  const a = staffVisits(deps);
  const page = assistedPage(deps);
  return [
    post('/console/:office/appointment/:id/form', 'desk', a.desk(beginForm(deps))),
    post('/console/:office/appointment/:id/form/home', 'desk', a.desk(sendHome(deps))),
    get(FORM, 'desk', a.desk(assistedOverview(deps))),
    post(FORM, 'desk', a.desk(askToConfirm(deps))),
    get(`${FORM}/stream`, 'desk', a.desk(assistedStream(deps))),
    ...['/:step', '/:step/:question', '/:step/:question/:item'].flatMap((rest) => [
      get(`${FORM}${rest}`, 'desk', a.desk(page.get)),
      post(`${FORM}${rest}`, 'desk', a.desk(page.post)),
    ]),
  ];
}
