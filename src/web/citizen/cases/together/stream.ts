import { caseStream } from '../../../case-stream.ts';
import type { CaseVisit, CitizenDeps } from '../../visit.tsx';

/** `/{language}/case/{secret}/stream`: tells the applicant's pages that an answer has changed. */
export const applicantStream =
  (deps: CitizenDeps) =>
  ({ c, found, office, secret }: CaseVisit): Promise<Response> =>
    caseStream(deps, c, {
      of: `case ${found.id}`,
      case: { id: found.id, office: office.id },
      mayGoOn: async () => (await deps.cases.bySecret(secret)) !== null,
    });
