import { randomUUID } from 'node:crypto';
import type { Context } from '../../../src/context.ts';
import type { Office } from '../../../src/domain/office/types.ts';
import { within } from '../../../src/lib/db/database.ts';
import type { StaffViewer } from '../../../src/lib/viewer.ts';
import { until } from '../processes.ts';
import type { Town } from '../town.ts';

type Act<T> = (context: Context, office: Office, viewer: StaffViewer) => Promise<T>;

/** The agents of the citizens' office who answer in writing, beside the running server, as another process of the service would. */
export interface Agents {
  /** Does something as a member of the staff at their desk. */
  as<T>(email: string, act: Act<T>): Promise<T>;
  /** They are at their desk, and free. */
  come(email: string): Promise<void>;
  /** They signed out. */
  leave(email: string): Promise<void>;
  /** Takes what is offered to them, as soon as something is. Returns its id. */
  take(email: string): Promise<string>;
  write(email: string, chat: string, text: string): Promise<unknown>;
  end(email: string, chat: string): Promise<unknown>;
}

export function agentsOf(town: () => Town): Agents {
  const as: Agents['as'] = (email, act) =>
    town().operate(async (context) => {
      const office = (await context.offices.find('oac'))!;
      const found = await within(context.database.kysely, '*', (tx) =>
        tx
          .selectFrom('staff')
          .innerJoin('staff_role', 'staff_role.staff_id', 'staff.id')
          .select(['staff.id as staff', 'staff.name', 'staff_role.desk_id as desk'])
          .where('staff.email', '=', email)
          .where('staff_role.office_id', '=', office.id)
          .executeTakeFirstOrThrow(),
      );
      const viewer = { ...found, kind: 'staff', office: office.id, role: 'agent' } as const;
      return act(context, office, viewer);
    });
  return {
    as,
    come: (email) =>
      as(email, async (context, office, viewer) => {
        await context.presence.visit(viewer, office, { isIdle: false });
        await context.presence.say(viewer, office, 'available');
        await context.chatDesk.comeBack(viewer, office);
      }),
    leave: (email) =>
      as(email, async ({ presence, chatLine }, office, viewer) => {
        await presence.leave(viewer, office);
        await chatLine.settle();
      }),
    take: (email) =>
      until('somebody is offered', () =>
        as(email, async ({ chatDesk, chatLine }, office, viewer) => {
          await chatLine.settle();
          const list = await chatDesk.list(viewer, office);
          const offered = list?.own.find(({ state }) => state === 'offered');
          if (!offered) return null;
          const done = await chatDesk.take(viewer, office, offered.id);
          return done.ok ? offered.id : null;
        }),
      ),
    write: (email, chat, text) =>
      as(email, ({ chatDesk }, office, viewer) =>
        chatDesk.write(viewer, office, chat, { key: randomUUID(), text, language: 'ca' }),
      ),
    end: (email, chat) =>
      as(email, ({ chatDesk }, office, viewer) => chatDesk.end(viewer, office, chat)),
  };
}
