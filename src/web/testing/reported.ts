import type { Context } from '../../context.ts';
import type { Office } from '../../domain/office/types.ts';
import { pdf } from '../../features/service/documents/checks/testing/files.ts';
import type { StaffViewer } from '../../lib/viewer.ts';
import type { Instance } from './instance.ts';
import { beginSigned, signAsDemo } from './signed.ts';

/** Asks another office for a report about a case of this one. Returns its id. */
export async function askReport(
  { reports, offices, caseDesk }: Context,
  viewer: StaffViewer,
  { office, id, to }: { office: Office; id: string; to?: Office },
): Promise<string> {
  const other = to ?? (await offices.list()).find((each) => each.id !== office.id);
  const done = await reports.ask(viewer, office, id, {
    to: { office: other?.id ?? 0, staff: null },
    question: 'Hi cap?',
    steps: ['local'],
    showsPerson: false,
    workingDays: 10,
    suspends: false,
  });
  if (!done.ok) throw new Error(done.reason);
  return (await caseDesk.work(viewer, office, id))!.reports[0]!.id;
}

/** Asks an office, of this code, for a report about a case of the other one, and shows it a file. */
export async function reportOf(
  { context }: Instance,
  { code, from, procedure }: { code: string; from: string; procedure: string },
): Promise<{ report: string; shown: string }> {
  const { offices, cases, documents } = context;
  const to = (await offices.find(code))!;
  const office = (await offices.find(from))!;
  const { id, holder } = await beginSigned(context, office, procedure);
  const file = { name: 'plan.pdf', type: 'application/pdf', bytes: pdf() };
  await cases.addPaper(holder, office, id, { question: 'local.planol' }, file);
  await documents.pass();
  await signAsDemo(context, office, holder);
  const viewer = {
    kind: 'staff',
    staff: 0,
    name: 'Test',
    office: office.id,
    role: 'coordinator',
    desk: null,
  } as const;
  const report = await askReport(context, viewer, { office, id, to });
  const [paper] = (await cases.open(viewer, office, id))?.papers ?? [];
  return { report, shown: paper?.id ?? '' };
}
