import { unaccented } from '../../../lib/unaccented.ts';

/**
 * Folds a text in the way people type on a phone: lower case, without accents, and `l·l` (with any dot) as `ll`.
 * Folding a folded text changes nothing.
 */
export function fold(text: string): string {
  return unaccented(text)
    .replaceAll('ŀ', 'l·')
    .replaceAll(/(?<=l)[·.‧∙•-](?=l)/g, '')
    .normalize('NFC');
}

/** The words of a text, folded. */
export const wordsOf = (text: string): string[] => fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];

/** Stop words in each language: little words, and phrases such as "I'd like an appointment for". */
const NOISE = new Set(
  [
    'a al als amb aquest aquesta cal com cita cites del dels des el els em en ens es et fer hora ha hi ho i ja jo la les',
    'li lo m me meu meva mi molt n necessito no o on pel pels per perque por prèvia puc que qui quin quina quan reserva',
    'reservar s se ser si sobre soc t teva teu tinc un una uns va vaig vol voldria vull demanar sol·licitar obtenir treure',
    'anar canviar saber dono',
    'ante como con cual cuando cita citas previa de desde donde el ella en es esta este esto hace hacer hay las los mas mi',
    'mis muy necesito nos para pedir pero por porque puedo quien quiero saber sacar se ser si sin sobre solicitar soy su',
    'tengo tramitar tramite tramites tu una unas unos voy y yo obtener cambiar estoy dar darme',
    'about am an and appointment appointments are at be book booking can do does for from get have how i in is it',
    'me my need of or please some that the this to want what when where which who with would you your apply change',
    'al bat batean behar da dago dira ditut du dut edo egin egiteko egiten eta ez hau hartu hitzordua hitzordu hori',
    'izapide izapidea izapideak nahi nahiko naiz nire non nola nor noiz zer zein zuen zuk zure eskatu eskatzeko aldatu',
  ].flatMap((each) => wordsOf(each)),
);

/** Returns the meaningful words of a text: no stop words of any language, no single letters. */
export const meaningOf = (text: string): string[] => [
  ...new Set(
    wordsOf(text).filter((each) => !NOISE.has(each) && (each.length > 1 || /\d/.test(each))),
  ),
];
