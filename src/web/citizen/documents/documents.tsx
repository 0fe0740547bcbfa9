import { isSpaceOpen } from '../../../features/booking/appointments/rules.ts';
import { limitsOf } from '../../../features/service/documents/rules.ts';
import { pdfOf, readPhoto } from '../../../features/service/photos/rules.ts';
import type { Photo } from '../../../features/service/photos/types.ts';
import { sendFile } from '../../files/served.ts';
import { readFileForm, type SentFile } from '../../files/upload.ts';
import { openVerified, sendEni } from '../../files/verified.ts';
import { problem } from '../problem.tsx';
import { formPage } from '../shared.tsx';
import type { AppointmentVisit, CitizenDeps } from '../visit.tsx';
import { askForCode } from './code.tsx';
import { fileField } from './fields.ts';
import { DocumentsPage, type Papers } from './page.tsx';
import { senderIn } from './sender.ts';

/** `…/documents`: the requested documents and their states, the upload, and the documents to fetch. */
export function documentsPage(deps: CitizenDeps) {
  const { documents } = deps;

  const show = async (visit: AppointmentVisit, wrong?: { line: string; text: string }) => {
    const { t, to, office, appointment, now } = visit;
    const { viewer } = visit;
    const entries = (await documents.list(viewer, office, appointment.id)) ?? [];
    const papers: Papers = {
      entries: entries.filter((each) => !each.destroyedAt),
      isProved: !!viewer.proof,
      isOpen: isSpaceOpen(appointment, office.settings.retention, now),
      megabytes: Math.floor(limitsOf(office.settings).file / 1_000_000),
      verifyAddress: deps.baseUrl + to.verify(),
      ...(wrong && { wrong }),
    };
    const problems = wrong ? [{ href: `#${fileField(wrong.line)}`, text: wrong.text }] : [];
    return visit.show(
      { ...formPage(t('documents.title'), problems), islands: ['documents'] },
      <DocumentsPage visit={visit} papers={papers} problems={problems} />,
    );
  };

  return {
    get: (visit: AppointmentVisit) => show(visit),

    /** Takes files from a browser without scripts; photos become one PDF on request. */
    post: async (visit: AppointmentVisit): Promise<Response> => {
      const { c, t, office, to, secret, appointment, viewer } = visit;
      const { file: most } = limitsOf(office.settings);
      const megabytes = Math.floor(most / 1_000_000);
      const asked = c.req.query('for') ?? '';
      const say = (text: string) => show(visit, { line: asked, text });
      const refuse = (reason: Mistake) => say(t(`documents.mistake.${reason}`, { megabytes }));
      using read = await readFileForm(c, most, senderIn(deps, visit));
      if (!read.ok) return refuse(read.reason === 'busy' ? 'no_room' : 'too_large');
      const { form } = read;
      if (form.files.length === 0) return refuse('missing');
      const joined =
        form.text('join') && form.files.length > 1
          ? joinPhotos(form.files, t('photos.name'))
          : { ok: true as const, files: form.files };
      if (!joined.ok) return say(t('photos.mistake', { name: joined.name }));
      for (const file of joined.files) {
        const paper = { kind: 'inbox', requested: asked || null, ...file } as const;
        const kept = await documents.keep(viewer, office, appointment.id, paper, file.bytes);
        if (!kept.ok) return refuse(MISTAKES[kept.reason] ?? 'failed');
      }
      return visit.redirect(`${to.appointment(secret, 'documents')}?done=sent#done`);
    },
  };
}

/** Returns one PDF with a page for each photo, or the name of a photo that can't be a page. */
function joinPhotos(
  files: readonly SentFile[],
  name: string,
): { ok: true; files: SentFile[] } | { ok: false; name: string } {
  const photos: Photo[] = [];
  for (const each of files) {
    const photo = readPhoto(each.bytes);
    if (!photo) return { ok: false, name: each.name };
    photos.push(photo);
  }
  const bytes = new Uint8Array(Buffer.concat(pdfOf(photos)));
  return { ok: true, files: [{ name: `${name}.pdf`, type: 'application/pdf', bytes }] };
}

type Mistake = 'missing' | 'empty' | 'too_large' | 'full' | 'not_requested' | 'no_room' | 'failed';
const MISTAKES: Record<string, Mistake> = {
  empty: 'empty',
  too_large: 'too_large',
  full: 'full',
  not_requested: 'not_requested',
  no_room: 'no_room',
  not_now: 'no_room',
};

/**
 * `…/documents/{id}`: downloads a document, and removes one. Both need the code; only a running upload
 * can be abandoned with the
 * link alone.
 */
export function documentFile(deps: CitizenDeps) {
  const { documents } = deps;
  const idOf = ({ c }: AppointmentVisit) => c.req.param('document') ?? '';
  return {
    get: async (visit: AppointmentVisit): Promise<Response> => {
      const { viewer } = visit;
      if (!viewer.proof) return askForCode(visit);
      const { office, appointment } = visit;
      const opened = await documents.open(viewer, office, appointment.id, idOf(visit));
      return opened ? sendFile(visit.c, opened) : problem(visit, 'not_found');
    },

    eni: async (visit: AppointmentVisit): Promise<Response> => {
      const { viewer } = visit;
      if (!viewer.proof) return askForCode(visit);
      const { c, t, office, appointment } = visit;
      const id = c.req.param('result') ?? '';
      const document = await openVerified(documents, viewer, { office, of: appointment.id, id });
      const sent = document && sendEni(c, t, { office, document });
      return sent ?? problem(visit, 'not_found');
    },

    withdraw: async (visit: AppointmentVisit): Promise<Response> => {
      const { viewer } = visit;
      const { office, appointment, to, secret } = visit;
      const taken = await documents.withdraw(viewer, office, appointment.id, idOf(visit));
      if (!taken.ok && !viewer.proof) return askForCode(visit);
      if (!taken.ok && taken.reason === 'not_found') return problem(visit, 'not_found');
      const done = taken.ok ? '?done=withdrawn#done' : '';
      return visit.redirect(to.appointment(secret, 'documents') + done);
    },
  };
}
