import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checkTownFile } from '../../../formats/town-file/reading/check.ts';
import { LANGUAGES, type Language } from '../../../lib/i18n/languages.ts';
import { DEMO_TOWN } from '../../../paths.ts';
import { entryOf, makeSearch } from './rules.ts';

/**
 * What people type and what they should find first, written by hand before the search was. `oac/` and `hisenda/` before
 * a code: on the town's page; without: on the page of the office.
 */
const CORPUS: Record<Language, [typed: string, first: string][]> = {
  ca: [
    ['padró', 'volant-padro'],
    ['padro', 'volant-padro'],
    ['PADRÓ', 'volant-padro'],
    ['empadronament', 'alta-padro'],
    ['empadronamet', 'alta-padro'],
    ['enpadronament', 'alta-padro'],
    ['com em puc empadronar', 'alta-padro'],
    ['empadronar-me', 'alta-padro'],
    ['certificat de residència', 'volant-padro'],
    ['certificat resdencia', 'volant-padro'],
    ['certificat de convivència', 'volant-padro'],
    ['canvi de domicili', 'alta-padro'],
    ['empadronamiento', 'volant-padro'],
    ['padrón', 'volant-padro'],
    ['volante', 'volant-padro'],
    ['proof of address', 'volant-padro'],
    ['arrelament', 'informe-residencia'],
    ['informe arrelament social', 'informe-residencia'],
    ['on voto?', 'cens-electoral'],
    ['eleccions', 'cens-electoral'],
    ['gossos', 'animal-companyia'],
    ['xip del gat', 'animal-companyia'],
    ['mascotes', 'animal-companyia'],
    ['ajuda', 'informacio-tramits'],
    ['targeta discapacitat', 'gaudir-mes'],
    ['obrir un bar', 'consulta-activitat'],
    ['llicencia obres', 'consulta-obres'],
    ['reformar el bany', 'consulta-obres'],
    ['instància', 'instancia-generica'],
    ['taules al carrer', 'terrassa'],
    ['subvenció', 'ajut-autonoms'],
    ['obres menors', 'avis-obres'],
    ['notificacions electròniques', 'notificacio-electronica'],
    ['dubtes', 'informacio-tramits'],
    ['multes', 'tributs-i-multes'],
    ['hisenda/multa de trànsit', 'multes'],
    ['hisenda/al-legacions', 'multes'],
    ['hisenda/IBI', 'ibi'],
    ['hisenda/contribució', 'ibi'],
    ['hisenda/impost del cotxe', 'vehicles'],
    ['hisenda/rebut pel banc', 'domiciliacio'],
    ['hisenda/pagar a terminis', 'fraccionament'],
    ['hisenda/no puc pagar el deute', 'fraccionament'],
  ],
  es: [
    ['padrón', 'volant-padro'],
    ['empadronarme', 'alta-padro'],
    ['empadronamiento', 'volant-padro'],
    ['empadronamieto', 'volant-padro'],
    ['volantes de padron', 'volant-padro'],
    ['certificado de residencia', 'volant-padro'],
    ['quiero cambiar de domicilio', 'alta-padro'],
    ['empadronament', 'alta-padro'],
    ['arraigo', 'informe-residencia'],
    ['permiso de residencia', 'informe-residencia'],
    ['votar', 'cens-electoral'],
    ['perros', 'animal-companyia'],
    ['registrar a mi perro', 'animal-companyia'],
    ['discapasidad', 'gaudir-mes'],
    ['abrir una tienda', 'consulta-activitat'],
    ['licencia de obra', 'consulta-obres'],
    ['ayuda', 'informacio-tramits'],
    ['subvenciones', 'ajut-autonoms'],
    ['hisenda/impuesto coche', 'vehicles'],
    ['hisenda/impuesto de circulación', 'vehicles'],
    ['hisenda/ibi', 'ibi'],
    ['hisenda/multa de aparcamiento', 'multes'],
    ['hisenda/me han puesto una multa', 'multes'],
    ['hisenda/aplazar una deuda', 'fraccionament'],
    ['hisenda/domiciliar el recibo', 'domiciliacio'],
  ],
  en: [
    ['residence certificate', 'volant-padro'],
    ['register as a resident', 'alta-padro'],
    ['registering my address', 'alta-padro'],
    ['certifcate', 'volant-padro'],
    ['padron', 'volant-padro'],
    ['where do I vote', 'cens-electoral'],
    ['polling station', 'cens-electoral'],
    ['my dog', 'animal-companyia'],
    ['pets', 'animal-companyia'],
    ['disability discount', 'gaudir-mes'],
    ['open a shop', 'consulta-activitat'],
    ['building licence', 'consulta-obres'],
    ['residence permit', 'informe-residencia'],
    ['hisenda/car tax', 'vehicles'],
    ['hisenda/council tax', 'ibi'],
    ['hisenda/parking tickets', 'multes'],
    ['hisenda/direct debit', 'domiciliacio'],
    ['hisenda/pay in installments', 'fraccionament'],
  ],
  eu: [
    ['errolda', 'volant-padro'],
    ['erroldatu', 'alta-padro'],
    ['nola erroldatu naiteke', 'alta-padro'],
    ['bizileku ziurtagiria', 'volant-padro'],
    ['ziurtagiri', 'volant-padro'],
    ['bozkatu', 'cens-electoral'],
    ['txakurrak', 'animal-companyia'],
    ['desgaitasuna', 'gaudir-mes'],
    ['denda ireki', 'consulta-activitat'],
    ['obrak', 'avis-obres'],
    ['laguntza', 'informacio-tramits'],
    ['dirulaguntza', 'ajut-autonoms'],
    ['hisenda/isunak', 'multes'],
    ['hisenda/autoaren zerga', 'vehicles'],
    ['hisenda/zorra', 'fraccionament'],
  ],
};

/** On the town's page: with its office. */
const TOWN_CORPUS: [Language, typed: string, first: string][] = [
  ['ca', 'padró', 'oac/volant-padro'],
  ['ca', 'registre', 'oac/volant-padro'],
  ['ca', 'multa', 'hisenda/multes'],
  ['ca', 'ibi', 'hisenda/ibi'],
  ['ca', 'impuesto coche', 'hisenda/vehicles'],
  ['es', 'empadronarme', 'oac/alta-padro'],
  ['es', 'pagar a plazos', 'hisenda/fraccionament'],
  ['en', 'traffic fine', 'hisenda/multes'],
  ['en', 'how do I open a bar', 'oac/consulta-activitat'],
  ['eu', 'erroldatze agiria', 'oac/volant-padro'],
];

const read = checkTownFile(readFileSync(DEMO_TOWN, 'utf8'));
if (!read.ok) throw new Error('The demo town has mistakes');
const { offices } = read.town;
const items = Object.entries(offices).flatMap(([office, { name, themes, procedures }]) =>
  Object.entries(procedures).map(([code, procedure]) => ({
    item: `${office}/${code}`,
    entry: entryOf(procedure, { name, themes }),
  })),
);
const town = makeSearch(items);
const searches = Object.fromEntries(
  Object.keys(offices).map((office) => [
    office,
    makeSearch(items.filter((each) => each.item.startsWith(`${office}/`))),
  ]),
);

describe.each(LANGUAGES)('in %s', (language) => {
  test.each(CORPUS[language])('“%s” finds %s first', (typed, first) => {
    const [office, words] = typed.startsWith('hisenda/')
      ? ['hisenda', typed.slice(8)]
      : ['oac', typed];
    expect(searches[office]?.find(words, language).results[0]).toBe(`${office}/${first}`);
  });
});

test.each(TOWN_CORPUS)('in the town, in %s, “%s” finds %s first', (language, typed, first) => {
  expect(town.find(typed, language).results[0]).toBe(first);
});

test.each(LANGUAGES)(
  'in %s, whatever language a word is of, its procedure is found',
  (language) => {
    for (const word of [
      'padrón',
      'empadronament',
      'registre',
      'volante',
      'residence certificate',
      'errolda',
    ])
      expect(town.find(word, language).results, word).toContain('oac/volant-padro');
  },
);
