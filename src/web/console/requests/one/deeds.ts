import { REQUEST_LENGTH } from '../../../../features/service/requests/rules.ts';
import type { RequestWorkResult } from '../../../../features/service/requests/service.ts';
import { sendFile } from '../../../files/served.ts';
import { type Form, readForm } from '../../../form.ts';
import { type KeptWords, keptIn, keptPage } from '../../cases/kept.tsx';
import type { DeskVisit, StaffDeps } from '../../visit.tsx';
import { showLinkSheet } from '../giving/link.tsx';
import { type RequestShown, requestAt, showRequest } from './request.tsx';

const idIn = ({ c }: DeskVisit): string => c.req.param('id') ?? '';
const seenIn = (form: Form): number => Number(form.text('seen')) || 0;

/**
 * Answers a change of a request: back to its page, or the page as it is now with what stood in the way. `words`: what was typed, which is shown again
 * then.
 */
async function answer(
  deps: StaffDeps,
  visit: DeskVisit,
  result: RequestWorkResult,
  done: string,
  words: readonly KeptWords[] = [],
): Promise<Response> {
  const { t } = visit;
  const kept = keptIn(words);
  if (result.ok) return visit.redirect(`${requestAt(visit)}?done=${done}`);
  if (result.reason === 'not_found')
    return kept.length > 0 ? keptPage(visit, kept, 'request') : visit.c.notFound();
  const text = t(result.reason === 'changed' ? 'requestDesk.changed' : 'requestDesk.notAllowed');
  return showRequest(deps, visit, { status: 409, notice: { kind: 'warn', text }, kept });
}

/** `…/assignee`: takes a request, gives it back, or gives it to somebody. */
export function giveRequest(deps: StaffDeps) {
  return async (visit: DeskVisit): Promise<Response> => {
    const { viewer, office } = visit;
    const form = await readForm(visit.c);
    const to = form.text('to');
    const assignee = to === 'me' ? viewer.staff : to === 'none' ? null : Number(to) || 0;
    const asked = { assignee, seen: seenIn(form) };
    return answer(
      deps,
      visit,
      await deps.requests.give(viewer, office, idIn(visit), asked),
      'given',
    );
  };
}

/** `…/team`: gives a request to a team, or back to whoever coordinates, who is told why. The giver may not see it any more: they come back to the inbox. */
export function routeRequest(deps: StaffDeps) {
  return async (visit: DeskVisit): Promise<Response> => {
    const { t, viewer, office, base } = visit;
    const form = await readForm(visit.c);
    const team = form.text('team') || null;
    const reason = form.text('reason');
    const asked = { team, seen: seenIn(form), ...(reason && { reason }) };
    const result = await deps.requests.route(viewer, office, idIn(visit), asked);
    if (result.ok) return visit.redirect(`${base}/requests?done=routed`);
    if (result.reason === 'missing')
      return showRequest(deps, visit, {
        status: 422,
        notice: { kind: 'warn', text: t('requestDesk.route.why') },
      });
    return answer(deps, visit, result, 'given');
  };
}

/** Keeps what was typed and could not be kept, with why. */
function typedWrong(
  { t }: DeskVisit,
  field: 'note' | 'message',
  text: string,
  result: Extract<RequestWorkResult, { ok: false }>,
): RequestShown | null {
  if (result.reason !== 'empty' && result.reason !== 'too_long') return null;
  const key =
    result.reason === 'empty' ? 'requestDesk.wrong.missing' : 'requestDesk.wrong.too_long';
  return { status: 422, [field]: { text, error: t(key, { most: REQUEST_LENGTH }) } };
}

/** `…/note`: writes a note for colleagues. */
export function noteRequest(deps: StaffDeps) {
  return async (visit: DeskVisit): Promise<Response> => {
    const { viewer, office } = visit;
    const text = (await readForm(visit.c)).lines('note');
    const result = await deps.requests.note(viewer, office, idIn(visit), text);
    const wrong = result.ok ? null : typedWrong(visit, 'note', text, result);
    if (wrong) return showRequest(deps, visit, wrong);
    return answer(deps, visit, result, 'noted', [{ label: visit.t('caseDesk.note'), text }]);
  };
}

/** `…/called`: notes that whoever wants to be called was called. */
export function noteCall(deps: StaffDeps) {
  return async (visit: DeskVisit): Promise<Response> => {
    const { viewer, office } = visit;
    const asked = { seen: seenIn(await readForm(visit.c)) };
    const result = await deps.requests.called(viewer, office, idIn(visit), asked);
    return answer(deps, visit, result, 'called');
  };
}

/** `…/message`: writes to the person. */
export function writeToRequester(deps: StaffDeps) {
  return async (visit: DeskVisit): Promise<Response> => {
    const { viewer, office } = visit;
    const text = (await readForm(visit.c)).lines('message');
    const result = await deps.requests.write(viewer, office, idIn(visit), text);
    const wrong = result.ok ? null : typedWrong(visit, 'message', text, result);
    if (wrong) return showRequest(deps, visit, wrong);
    const done = result.ok && result.isTold ? 'sent' : 'sent-untold';
    return answer(deps, visit, result, done, [{ label: visit.t('message.toPerson'), text }]);
  };
}

/** `…/link`: replaces the link of a request, and shows the new one this once, to print it or read it out. */
export function giveLink(deps: StaffDeps) {
  return async (visit: DeskVisit): Promise<Response> => {
    const { viewer, office } = visit;
    const asked = { seen: seenIn(await readForm(visit.c)) };
    const result = await deps.requests.giveLink(viewer, office, idIn(visit), asked);
    if (!result.ok) return answer(deps, visit, result, 'given');
    const { secret, language, ...sheet } = result.given;
    const address = `${deps.config.baseUrl}/${language}/request/${secret}`;
    return showLinkSheet(visit, requestAt(visit), { ...sheet, language, address });
  };
}

/** `…/showing`: what everybody may see of it. */
export function showToEverybody(deps: StaffDeps) {
  return async (visit: DeskVisit): Promise<Response> => {
    const { viewer, office } = visit;
    const form = await readForm(visit.c);
    const words = form.has('words') ? form.lines('words') : null;
    const text = form.has('text');
    const asked = { text, words, photos: form.all('photo'), seen: seenIn(form) };
    const result = await deps.requests.show(viewer, office, idIn(visit), asked);
    if (!result.ok && (result.reason === 'added' || result.reason === 'empty')) {
      const error = visit.t(`requestDesk.showing.${result.reason}`);
      return showRequest(deps, visit, { status: 422, showing: { words: words ?? '', error } });
    }
    const label = visit.t('requestDesk.showing.cut');
    return answer(deps, visit, result, 'shown', [{ label, text: words ?? '' }]);
  };
}

/** `…/photos/{photo}`: downloads a photo. Each look is on the trail. */
export const requestPhoto =
  ({ requests }: Pick<StaffDeps, 'requests'>) =>
  async (visit: DeskVisit): Promise<Response> => {
    const { c, viewer, office } = visit;
    const opened = await requests.photo(viewer, office, idIn(visit), c.req.param('picture') ?? '');
    return opened ? sendFile(c, opened) : c.notFound();
  };
