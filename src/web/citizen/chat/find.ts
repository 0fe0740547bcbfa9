import type { Context as Request } from 'hono';
import type { ChattingViewer } from '../../../lib/viewer.ts';
import { isByStaff } from '../by-staff.ts';
import { problem } from '../problem.tsx';
import { type CitizenDeps, type OfficeVisit, visitOf, withOffice } from '../visit.tsx';

/** The request of a person in a conversation, by its link. */
export interface ChatVisit extends OfficeVisit {
  secret: string;
  viewer: ChattingViewer;
}

/** Finds the conversation of the link in the address. */
export async function findChat(deps: CitizenDeps, c: Request): Promise<ChatVisit | Response> {
  const visit = await visitOf(deps, c);
  const secret = c.req.param('secret') ?? '';
  const found = await deps.chats.bySecret(secret);
  if (!found || !visit.isOffered) return problem(visit, 'no_chat');
  const of = withOffice(deps, visit, await deps.offices.byId(found.office));
  if (await isByStaff(deps, c)) return problem(of, 'staff_here');
  return { ...of, secret, viewer: { kind: 'chatting', chat: found.id } };
}
