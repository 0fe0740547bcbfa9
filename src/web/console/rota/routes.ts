import { get, post, type Route } from '../../routes.ts';
import { type StaffDeps, staffVisits } from '../visit.tsx';
import { ABSENCE_PAGE } from './absence.tsx';
import { rotaChangePage } from './change.tsx';
import { rotaEditPage } from './edit.tsx';
import { rotaImportPage } from './import.tsx';
import { COPY_PAGE, SWAP_PAGE } from './others.tsx';
import { ownRotaPage } from './own.tsx';
import { rotaPage } from './rota.tsx';
import { SHIFT_PAGE } from './shift.tsx';

/** The rota of an office, and its changes. */
export function rotaRoutes(deps: StaffDeps): Route[] {
  const a = staffVisits(deps);
  const week = '/console/:office/rota';
  const edits = { shift: SHIFT_PAGE, absence: ABSENCE_PAGE, swap: SWAP_PAGE, copy: COPY_PAGE };
  const bringIn = rotaImportPage(deps);
  return [
    get(week, 'coordinator', a.desk(rotaPage(deps))),
    get(`${week}/mine`, 'desk', a.desk(ownRotaPage(deps))),
    get(`${week}/change/:change`, 'coordinator', a.desk(rotaChangePage(deps))),
    get(`${week}/import`, 'coordinator', a.desk(bringIn.get)),
    post(`${week}/import`, 'coordinator', a.desk(bringIn.post)),
    ...Object.entries(edits).flatMap(([name, edit]) => {
      const page = rotaEditPage(deps, edit);
      return [
        get(`${week}/${name}`, 'coordinator', a.desk(page.get)),
        post(`${week}/${name}`, 'coordinator', a.desk(page.post)),
      ];
    }),
  ];
}
