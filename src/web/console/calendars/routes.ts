import { get, post, type Route } from '../../routes.ts';
import { type StaffDeps, staffVisits } from '../visit.tsx';
import { calendarsPage } from './calendars.tsx';
import { connectPage } from './connect.tsx';
import { connectedPage, ownCalendarPage } from './connected.tsx';
import { backPage, CALLBACK_PATH, callbackPage } from './microsoft.tsx';

/** Calendars of other programs. */
export function calendarRoutes(deps: StaffDeps): Route[] {
  const a = staffVisits(deps);
  const calendars = calendarsPage(deps);
  const own = ownCalendarPage(deps);
  const connect = connectPage(deps);
  const connected = connectedPage(deps);
  return [
    get('/console/:office/calendars', 'desk', a.desk(calendars.get)),
    post('/console/:office/calendars', 'desk', a.desk(calendars.post)),
    get(CALLBACK_PATH, 'open', a.open(callbackPage())),
    get('/console/:office/calendars/microsoft', 'desk', a.desk(backPage(deps))),
    get('/console/:office/calendars/own', 'desk', a.desk(own.get)),
    post('/console/:office/calendars/own', 'desk', a.desk(own.post)),
    get('/console/:office/calendars/connect', 'administrator', a.desk(connect.get)),
    post('/console/:office/calendars/connect', 'administrator', a.desk(connect.post)),
    get('/console/:office/calendars/connected/:id', 'administrator', a.desk(connected.get)),
    post('/console/:office/calendars/connected/:id', 'administrator', a.desk(connected.post)),
  ];
}
