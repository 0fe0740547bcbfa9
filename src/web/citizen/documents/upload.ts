import { createUpload, formatProgress, takePart } from '../../files/tus.ts';
import type { AppointmentVisit, CitizenDeps } from '../visit.tsx';
import { senderIn } from './sender.ts';

/** `…/documents/upload`: documents that arrive in parts. The link is sufficient. */
export function documentUpload(deps: CitizenDeps) {
  const { documents } = deps;
  const idOf = ({ c }: AppointmentVisit) => c.req.param('document') ?? '';
  return {
    begin: ({ c, to, secret, office, appointment, viewer }: AppointmentVisit) =>
      createUpload(
        c,
        (announced) =>
          documents.begin(viewer, office, appointment.id, { ...announced, kind: 'inbox' }),
        (id) => `${to.appointment(secret, 'documents/upload')}/${id}`,
      ),

    progress: async (visit: AppointmentVisit) => {
      const { c, office, appointment, viewer } = visit;
      const { id } = appointment;
      return formatProgress(c, await documents.progress(viewer, office, id, idOf(visit)));
    },

    append: (visit: AppointmentVisit) => {
      const { c, office, appointment, viewer } = visit;
      return takePart(c, senderIn(deps, visit), (offset, bytes) =>
        documents.append(viewer, office, appointment.id, idOf(visit), offset, bytes),
      );
    },
  };
}
