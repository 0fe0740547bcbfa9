import type { Context } from '../../../src/context.ts';
import { formSchema } from '../../../src/domain/form/schema.ts';
import type { Office } from '../../../src/domain/office/types.ts';
import { pdf } from '../../../src/features/service/documents/checks/testing/files.ts';
import type { Language } from '../../../src/lib/i18n/languages.ts';
import type { ApplicantViewer, StaffRole, StaffViewer } from '../../../src/lib/viewer.ts';
import type { Client, See, Sent } from '../client.ts';
import { until } from '../processes.ts';
import type { Town } from '../town.ts';

const texts = (ca: string, es: string, en: string, eu: string) => ({ ca, es, en, eu });
const PROCEDURE = 'informe-residencia';

/** A form with a question of each kind that the office reads otherwise. */
const form = (procedure: string) =>
  formSchema.parse({
    procedure,
    title: texts('Terrassa', 'Terraza', 'Terrace', 'Terraza'),
    steps: [
      {
        id: 'qui',
        title: texts('Qui ets', 'Quién eres', 'Who you are', 'Nor zaren'),
        questions: [
          {
            id: 'nom',
            type: 'text',
            from: 'identity.name',
            label: texts('Nom i cognoms', 'Nombre y apellidos', 'Name', 'Izen-abizenak'),
          },
          {
            id: 'correu',
            type: 'email',
            from: 'contact.email',
            label: texts('Correu', 'Correo', 'E-mail', 'Posta'),
          },
        ],
      },
      {
        id: 'local',
        title: texts('El local', 'El local', 'The bar', 'Lokala'),
        questions: [
          {
            id: 'rotul',
            type: 'text',
            label: texts('Nom del local', 'Nombre del local', 'Name of the bar', 'Lokalaren izena'),
          },
          {
            id: 'explica',
            type: 'text',
            multiline: true,
            label: texts('Explica-ho', 'Explíquelo', 'Tell us more', 'Azaldu'),
          },
          {
            id: 'planol',
            type: 'file',
            label: texts('El plànol', 'El plano', 'The plan', 'Planoa'),
          },
        ],
      },
    ],
    declarations: [
      {
        id: 'veritat',
        required: false,
        text: texts('Declaro que és cert.', 'Declaro que es cierto.', 'It is true.', 'Egia da.'),
      },
    ],
    decision: { months: 3, silence: 'granted' },
  });

/** The coordinator who looks at the pages, and an administrator. */
export async function officialsOf(town: Town): Promise<[StaffViewer, StaffViewer]> {
  const viewer = async (email: string): Promise<StaffViewer> => {
    const { id, name, role, office } = await town.look((tx) =>
      tx
        .selectFrom('staff')
        .innerJoin('staff_role', 'staff_role.staff_id', 'staff.id')
        .select(['staff.id', 'staff.name', 'staff_role.role', 'staff_role.office_id as office'])
        .where('email', '=', `${email}@vilaclara.example`)
        .executeTakeFirstOrThrow(),
    );
    return { kind: 'staff', staff: id, name, role: role as StaffRole, desk: null, office };
  };
  return [await viewer('nuria.roca'), await viewer('albert.serra')];
}

export type Every = (
  name: string,
  ask: (client: Client, language: Language) => Promise<Sent>,
) => Promise<void>;

const NAMES = ['Rosa Soler i Puig', 'Amina El Idrissi', 'Pau Vila', '', 'Marta Puig'];

/** Begins a case on-line. Returns its id. */
async function beginOnline(
  { cases }: Pick<Context, 'cases'>,
  office: Office,
  procedure: string,
): Promise<string> {
  const nobody = { kind: 'applicant', case: '', identified: null } as const;
  return (await cases.begin(nobody, office, { procedure, door: 'online', language: 'ca' }))!;
}

/** Begins a case with somebody who calls. Returns its id. */
async function beginInCall(
  { encounter, cases }: Pick<Context, 'encounter' | 'cases'>,
  official: StaffViewer,
  office: Office,
  procedure: string,
): Promise<string> {
  const caller = { channel: 'phone', language: 'ca', name: null } as const;
  const call = await encounter.begin(official, office, caller);
  if (!call.ok) throw new Error(call.reason);
  const done = await cases.beginIn(official, office, { encounter: call.id }, procedure);
  if (!done.ok) throw new Error(done.reason);
  return done.id;
}

/** Writes messages of both sides about a case. */
async function writeBoth(
  { caseMessages }: Pick<Context, 'caseMessages'>,
  on: { viewer: StaffViewer; applicant: ApplicantViewer; office: Office; id: string },
): Promise<void> {
  const { viewer, applicant, office, id } = on;
  await caseMessages.write(applicant, office, id, 'Quan ho sabré?\nGràcies.');
  await caseMessages.write(viewer, office, id, 'Dijous, segurament.');
  await caseMessages.write(applicant, office, id, 'D’acord.');
}

/** Hands cases in, and takes them to where the office has something to see. Returns their ids. */
const handIn = async (town: Town, procedure: string) => {
  const [viewer, another] = await officialsOf(town);
  return town.operate(async ({ offices, forms, cases, caseDesk, caseMessages }) => {
    const office = (await offices.find('oac'))!;
    await forms.publish({ kind: 'system', why: 'operator' }, office, form(procedure));
    const made: string[] = [];
    for (const [nth, name] of NAMES.entries()) {
      const nobody = { kind: 'applicant', case: '', identified: null } as const;
      const id = await beginOnline({ cases }, office, procedure);
      const applicant = { ...nobody, case: id };
      await cases.answer(applicant, office, id, {
        'qui.nom': name,
        'qui.correu': nth === 1 ? undefined : `rosa${nth}@example.cat`,
        'local.rotul': 'Bar Pi',
        'local.explica': 'Volem quatre taules a la plaça.\nGràcies.',
        'declarations.veritat': true,
      });
      if (nth === 0) {
        const plan = { name: 'Plànol.pdf', type: 'application/pdf', bytes: pdf() };
        await cases.addPaper(applicant, office, id, { question: 'local.planol' }, plan);
      }
      // The file is checked first.
      await until('handed in', async () => (await cases.handIn(applicant, office, id)).ok);
      made.push(id);
      if (nth === 0) continue;
      const seen = async () => (await caseDesk.work(viewer, office, id))!;
      const step = { to: 'in-review', seen: (await seen()).seen };
      await caseDesk.step(viewer, office, id, step);
      const own = { assignee: viewer.staff, seen: (await seen()).seen };
      await caseDesk.give(viewer, office, id, own);
      if (nth === 1) await writeBoth({ caseMessages }, { viewer, applicant, office, id });
      if (nth === 2 || nth === 4)
        await cases.askToAmend(viewer, office, id, {
          points: [
            { question: 'local.rotul', text: 'Escriviu-lo com surt a la llicència.' },
            { question: null, text: 'Falta el plànol.' },
          ],
          seen: (await seen()).seen,
        });
      if (nth === 4) {
        await cases.answer(applicant, office, id, { 'local.rotul': 'Bar El Pi' });
        await cases.reply(applicant, office, id, 'El porto demà.');
        await cases.amend(applicant, office, id);
      }
      if (nth !== 3) continue;
      await caseDesk.write(viewer, office, id, {
        outcome: 'refused',
        content: { text: 'Es denega.', reasons: 'No hi ha lloc.', appeal: 'Un mes.' },
        before: null,
        seen: (await seen()).seen,
      });
      const { seen: last, decision } = await seen();
      const before = decision!.writtenAt.epochMilliseconds;
      await caseDesk.issue(another, office, id, { before, seen: last });
    }
    return made;
  });
};

/** Takes a case and writes its decision: as whoever looks at the pages (0), or as somebody else. */
const write = async (town: Town, id: string, who: 0 | 1) => {
  const viewer = (await officialsOf(town))[who];
  await town.operate(async ({ offices, caseDesk }) => {
    const office = (await offices.find('oac'))!;
    const work = async () => (await caseDesk.work(viewer, office, id))!;
    const own = { assignee: viewer.staff, seen: (await work()).seen };
    await caseDesk.give(viewer, office, id, own);
    const { seen, decision } = await work();
    await caseDesk.write(viewer, office, id, {
      outcome: 'granted',
      content: { text: 'Es concedeix.', reasons: '', appeal: 'Un mes.' },
      before: decision?.writtenAt.epochMilliseconds ?? null,
      seen,
    });
  });
};

/** The inbox of cases and what an official does with one. Returns the address of one that was decided. */
export async function caseDeskStates(
  every: Every,
  town: Town,
): Promise<{ decided: string; open: string }> {
  const inbox = '/console/oac/cases';
  await every('cases: none', (client) => client.get(`${inbox}?reference=NONE`));
  const [fresh, reviewed, asked, decided, amended] = await handIn(town, PROCEDURE);
  const at = (id: string | undefined) => `${inbox}/${id}`;
  await every('cases', (client) => client.get(inbox));
  await every('cases: closed', (client) => client.get(`${inbox}?group=closed`));
  await every('a case', (client) => client.get(at(fresh)));
  await every('a case: note, errors', (client) => client.post(`${at(fresh)}/note`, { note: '' }));
  await every('a case: message, errors', (client) =>
    client.post(`${at(fresh)}/message`, { message: '' }),
  );
  await every('a case: messages', (client) => client.get(`${at(reviewed)}?done=message-sent`));
  await every('a case: changed meanwhile', (client) =>
    client.post(`${at(fresh)}/step`, { to: 'in-review', seen: 'before' }),
  );
  await every('a case: asked to amend', (client) => client.get(`${at(asked)}?done=asked`));
  await every('a case: decided', (client) => client.get(`${at(decided)}?done=decided`));
  await every('a case: amended', (client) => client.get(at(amended)));
  await every('a case: as it was', (client) => client.get(`${at(amended)}?version=first`));
  await every('asking to amend', (client) => client.get(`${at(reviewed)}/amend`));
  await every('asking to amend: errors', (client) =>
    client.post(`${at(reviewed)}/amend`, { 'point-local--rotul': 'x'.repeat(1001) }),
  );
  await every('more time to amend', (client) => client.get(`${at(asked)}/extend`));
  await every('deciding', (client) => client.get(`${at(reviewed)}/decide?to=refused`));
  await every('deciding: errors', (client) =>
    client.post(`${at(reviewed)}/decide?to=refused`, { text: '', reasons: '', appeal: '' }),
  );
  await every('a case: what was typed is kept', (client) =>
    client.post(`${at(fresh)}/decide?to=granted`, { text: 'Es concedeix.', appeal: 'Un mes.' }),
  );
  await write(town, reviewed!, 0);
  await every('reviewing a decision: one’s own', (client) =>
    client.get(`${at(reviewed)}/decision`),
  );
  await write(town, reviewed!, 1);
  await every('reviewing a decision', (client) => client.get(`${at(reviewed)}/decision`));
  await togetherStates(every, town);
  return { decided: at(decided), open: at(fresh) };
}

/** Begins a case with somebody who calls, with two answers: of the official, and of the caller. Returns its id and its link. */
const fillInTogether = async (town: Town): Promise<{ id: string; secret: string }> => {
  const [, official] = await officialsOf(town);
  return town.operate(async ({ offices, forms, cases, encounter }) => {
    const office = (await offices.find('oac'))!;
    await forms.publish({ kind: 'system', why: 'operator' }, office, form(PROCEDURE));
    const id = await beginInCall({ encounter, cases }, official, office, PROCEDURE);
    await cases.answer(official, office, id, { 'qui.nom': 'Rosa Soler' });
    const caller = { kind: 'applicant', case: id, identified: null } as const;
    await cases.answer(caller, office, id, { 'local.rotul': 'Bar Pi' });
    return { id, secret: cases.secretOf({ id, link: 0 }) };
  });
};

/** A form that an official and their citizen fill in together, as the official has it. */
async function togetherStates(every: Every, town: Town): Promise<void> {
  const { id } = await fillInTogether(town);
  const at = `/console/oac/form/${id}`;
  await every('a form with somebody', (client) => client.get(at));
  await every('a form with somebody: a page', (client) => client.get(`${at}/qui/nom`));
  await every('a form with somebody: changed meanwhile', (client) =>
    client.post(at, { seen: '0' }),
  );
}

/** The same as the citizen has it. */
export async function applicantStates(
  see: See,
  client: Client,
  { town, language }: { town: Town; language: string },
): Promise<void> {
  const { secret } = await fillInTogether(town);
  const at = `/${language}/case/${secret}`;
  await see('form: with an official', client.get(at));
  await see('form: with an official, a page', client.get(`${at}/qui/nom`));
  await see('form: with an official, check', client.get(`${at}/check`));
}

/** What somebody sees of whom the office asks to amend what they handed in. `at`: the address of their case. */
export async function amendingStates(
  see: See,
  client: Client,
  { town, at }: { town: Town; at: string },
): Promise<void> {
  const [viewer] = await officialsOf(town);
  await town.operate(async ({ offices, cases, caseDesk }) => {
    const office = (await offices.find('oac'))!;
    const { id } = (await cases.bySecret(at.split('/')[3] ?? ''))!;
    const seen = async () => (await caseDesk.work(viewer, office, id))!.seen;
    await caseDesk.step(viewer, office, id, { to: 'in-review', seen: await seen() });
    await cases.askToAmend(viewer, office, id, {
      points: [
        { question: 'local.taules', text: 'No hi caben.' },
        { question: 'local.gent', text: 'Falta qui hi treballa a la nit.' },
        { question: null, text: 'Explica on aniran les cadires.' },
      ],
      seen: await seen(),
    });
  });
  await see('form: to amend', client.get(`${at}/done`));
  const messages = `${at}/messages`;
  await see('messages: none', client.get(messages));
  await see('messages: errors', client.post(messages, { messages: ' ' }));
  await see('messages: sent', client.post(messages, { messages: 'Fins quan tinc?\nGràcies.' }));
  await see('form: to amend, with messages', client.get(`${at}/done`));
  await see('form: amending', client.get(`${at}/local/taules`));
  await see('form: amending, a list', client.get(`${at}/local/gent`));
  await see('form: amending, incomplete', client.get(`${at}/check`));
  await see('form: answering', client.get(`${at}/reply`));
  const long = { reply: 'x'.repeat(4001) };
  await see('form: answering, errors', client.post(`${at}/reply`, long));
  await client.post(`${at}/local/taules`, { 'q-taules_': '3' });
  await client.post(`${at}/reply`, { reply: 'A la vorera.' });
  await see('form: amending, begun', client.get(`${at}/done`));
  const check = await see('form: amending, check', client.get(`${at}/check`));
  await see('form: amending, changed meanwhile', client.post(`${at}/check`, { seen: '1' }));
  const [, seen = ''] = /name="seen" value="(\d+)"/.exec(check.html) ?? [];
  await see('form: amended', client.post(`${at}/check`, { seen }));
}
