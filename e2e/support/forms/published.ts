import { type Form, formSchema } from '../../../src/domain/form/schema.ts';
import type { Town } from '../town.ts';

const texts = (ca: string, es: string, en: string, eu: string) => ({ ca, es, en, eu });

const STEPS = [
  {
    id: 'qui',
    together: true,
    title: texts('Qui ets', 'Quién eres', 'Who you are', 'Nor zaren'),
    text: texts('Per respondre’t.', 'Para responderte.', 'To answer you.', 'Zuri erantzuteko.'),
    questions: [
      {
        id: 'nom',
        type: 'text',
        from: 'identity.name',
        required: true,
        label: texts('Nom', 'Nombre', 'Name', 'Izena'),
      },
      {
        id: 'nif',
        type: 'nif',
        from: 'identity.nif',
        required: true,
        label: texts('DNI o NIE', 'DNI o NIE', 'DNI or NIE', 'NAN edo AIZ'),
      },
    ],
  },
  {
    id: 'local',
    title: texts('El local', 'El local', 'The bar', 'Lokala'),
    questions: [
      {
        id: 'adreca',
        type: 'address',
        required: true,
        label: texts('On és?', '¿Dónde está?', 'Where is it?', 'Non dago?'),
      },
      {
        id: 'on',
        type: 'place',
        shape: 'area',
        label: texts('On aniran?', '¿Dónde irán?', 'Where will they stand?', 'Non jarriko dira?'),
      },
      {
        id: 'taules',
        type: 'integer',
        min: 1,
        max: 40,
        required: true,
        unit: texts('taules', 'mesas', 'tables', 'mahai'),
        label: texts('Quantes taules?', '¿Cuántas mesas?', 'How many tables?', 'Zenbat mahai?'),
      },
      {
        id: 'metres',
        type: 'computed',
        gives: 'integer',
        value: { '*': [{ var: 'local.taules' }, 3] },
        label: texts('Metres quadrats', 'Metros cuadrados', 'Square metres', 'Metro karratuak'),
      },
      {
        id: 'des',
        type: 'date',
        required: true,
        label: texts('Des de quan?', '¿Desde cuándo?', 'Since when?', 'Noiztik?'),
      },
      {
        id: 'temporada',
        type: 'choice',
        required: true,
        label: texts('Quin temps?', '¿Qué tiempo?', 'Which time?', 'Zein sasoi?'),
        options: [
          {
            id: 'estiu',
            label: texts('L’estiu', 'El verano', 'The summer', 'Uda'),
            help: texts(
              'De juny a setembre',
              'De junio a septiembre',
              'June to September',
              'Ekainetik irailera',
            ),
          },
          { id: 'any', label: texts('Tot l’any', 'Todo el año', 'All the year', 'Urte osoa') },
        ],
      },
      {
        id: 'musica',
        type: 'yesno',
        label: texts(
          'Hi haurà música?',
          '¿Habrá música?',
          'Will there be music?',
          'Musika egongo da?',
        ),
      },
      {
        id: 'gent',
        type: 'group',
        item: texts('persona', 'persona', 'person', 'pertsona'),
        label: texts(
          'Qui hi treballarà?',
          '¿Quién trabajará?',
          'Who will work there?',
          'Nork egingo du lan?',
        ),
        questions: [
          {
            id: 'nom',
            type: 'text',
            required: true,
            label: texts('Nom i cognoms', 'Nombre y apellidos', 'Whole name', 'Izen-abizenak'),
          },
        ],
      },
      {
        id: 'planol',
        type: 'file',
        most: 2,
        required: true,
        label: texts('El plànol', 'El plano', 'The plan', 'Planoa'),
      },
      {
        id: 'explica',
        type: 'text',
        multiline: true,
        label: texts('Res més?', '¿Algo más?', 'Anything else?', 'Besterik?'),
      },
    ],
  },
];

/** A form with every kind of question that can be answered on-line. */
export const everyQuestion = (procedure: string): Form =>
  formSchema.parse({
    procedure,
    title: texts(
      'Terrassa d’un bar',
      'Terraza de un bar',
      'Terrace of a bar',
      'Taberna baten terraza',
    ),
    summary: texts(
      'Per posar-hi taules.',
      'Para poner mesas.',
      'To put tables.',
      'Mahaiak jartzeko.',
    ),
    identity: 'low',
    minutes: 12,
    needs: [{ name: texts('El plànol', 'El plano', 'The plan', 'Planoa') }],
    steps: STEPS,
    declarations: [
      {
        id: 'veritat',
        text: texts(
          'Declaro que és cert.',
          'Declaro que es cierto.',
          'I declare that it is true.',
          'Egia dela adierazten dut.',
        ),
      },
    ],
    sign: 'session',
    decision: { months: 3, silence: 'granted' },
  });

/** Publishes a form in an office of a town that runs. */
export const publishForm = (town: Town, form: Form): Promise<void> =>
  town.operate(async ({ forms, offices }) => {
    const office = (await offices.find('oac'))!;
    const done = await forms.publish({ kind: 'system', why: 'operator' }, office, form);
    if (!done.ok) throw new Error(done.reason);
  });
