import { type Form, formSchema } from '../../../src/domain/form/schema.ts';

const texts = (ca: string, es: string, en: string, eu: string) => ({ ca, es, en, eu });

/** A form with a fee, which anybody can fill in. */
export const pricedForm = (procedure: string): Form =>
  drivewayForm(procedure, { fee: { '*': [{ var: 'gual.metres' }, 12.5] } });

/** A form that is signed by VÀLid. */
export const signedForm = (procedure: string, more: object = {}): Form =>
  drivewayForm(procedure, { identity: 'low', sign: 'valid', ...more });

const drivewayForm = (procedure: string, more: object): Form =>
  formSchema.parse({
    procedure,
    title: texts('Un gual', 'Un vado', 'A driveway', 'Pasabide bat'),
    steps: [
      {
        id: 'gual',
        title: texts('El gual', 'El vado', 'The driveway', 'Pasabidea'),
        questions: [
          {
            id: 'metres',
            type: 'integer',
            min: 1,
            max: 9,
            required: true,
            label: texts('Quants metres?', '¿Cuántos metros?', 'How many metres?', 'Zenbat metro?'),
          },
        ],
      },
    ],
    ...more,
  });
